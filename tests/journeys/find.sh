#!/bin/sh
# An activity is found in three taps or four letters, however it is spelt; filters, other kinds and the register; what
# to do when nothing fits; an item that is held up leads to what is written about its kind; another employer's content
# is refused in plain words.
. "$(dirname "$0")/lib.sh"

for PANEL in 800x480 1280x800 720x1280; do
    data=$tmp/data-$PANEL
    mkdir -p "$data"
    steps "$data" <<'STEPS'
# three taps: no typing
tap "Risk assessments"
see "Biology"
audit
shot browse
tap "Biology"
audit
shot subject
tap "/find/list/b03"
see "Testing a leaf for starch"
tap "/assessment/back"

# a choice narrows the list, and another one widens it
tap "/find/stage"
audit
tap "/find/choices/AH"
see "AH"
tap "/find/list/b08"
tap "/assessment/back"
tap "/find/stage"
tap "/find/choices/any"
tap "/find/list/b03"
tap "/assessment/back"

# four letters
tap "/find/words"
type "leaf"
see "Testing a leaf for starch"
audit
shot four
tap "/find/keyboard/Hide"
audit
shot results
tap "/find/back"
tap "Risk assessments"

# misspelt, and of another kind
tap "/find/words"
type "hydrocloric"
tap "/find/keyboard/Hide"
audit
shot other
tap "/find/list/hydrochloric-acid"
see "Hydrochloric acid"
tap "/chemical/back"
tap "/find/back"

# nothing fits: ask
tap "Risk assessments"
tap "/find/words"
type "zzyzzyx"
tap "/find/keyboard/Hide"
see "Nothing fits these words"
see "Ask SSERC"
audit
shot nothing
tap "Search everything"
see "Nothing fits these words"
tap "/find/back"

# an item that is held up while guidance is looked for
tap "Guidance"
key "EXA-0042\n"
unsee "Start check"
STEPS
done

# the command gives the screens' order
"$CANNY_BIN/canny" find --data "$tmp/data-1280x800" leaf strach >"$tmp/found" || fail "canny find failed"
says "$tmp/found" "b03	Testing a leaf for starch"
same b03 "$(head -n 1 "$tmp/found" | cut -f 1)" "the best"

# nothing has come yet: each way says so, and what to do, where it would else say that nothing is due
mkdir -p "$tmp/nothing"
CONTENT=$tmp/nothing
for way in due assessments guidance board lab ask duties; do
    printf 'tap "/home/%s"\nsee "No content has come to this kiosk yet"\nsee "Ask your IT to bring it"\naudit\nback\n' "$way"
done | steps "$tmp/empty" || exit 1
CONTENT=$content
