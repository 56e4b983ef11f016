#!/bin/sh
# Content with one fault each: what canny-pack lint says of it, word for word; and that every fault says what to do.
# With --write the expectations are written anew.
. "$(dirname "$0")/lib.sh"
pack="$CANNY_BIN/canny-pack"
data="$CANNY_SOURCE/tests/data/lint"

# lint_copy NAME: the good folder with NAME laid over it, in $tmp/c.
lint_copy()
{
    rm -rf "$tmp/c"
    cp -R "$data/good" "$tmp/c"
    [ "$1" = good ] && return
    cp -R "$data/$1/." "$tmp/c/"
    rm -f "$tmp/c/expect" "$tmp/c/make.sh"
    [ ! -f "$data/$1/make.sh" ] || sh "$data/$1/make.sh" "$tmp/c"
}

lint_run()
{
    lint_copy "$1"
    "$pack" lint "$tmp/c" >"$tmp/out" 2>&1
    echo $? >"$tmp/status"
    sed "s|$tmp/c/||g" "$tmp/out" >"$tmp/said"
}

count=0
for folder in "$data"/*/; do
    name=$(basename "$folder")
    lint_run "$name"
    if [ "${1:-}" = --write ]; then
        [ "$name" = good ] || cp "$tmp/said" "$folder/expect"
        continue
    fi
    case $name in
    good | bom-and-crlf)
        same 0 "$(cat "$tmp/status")" "status of lint $name"
        same "3 forms, 5 documents, 0 faults" "$(tail -1 "$tmp/said")" "what lint says of $name"
        continue
        ;;
    esac
    count=$((count + 1))
    same 1 "$(cat "$tmp/status")" "status of lint $name"
    cmp -s "$folder/expect" "$tmp/said" || {
        diff "$folder/expect" "$tmp/said"
        fail "lint $name says something else"
    }
    # One folder, one fault, told in one line with the file before it; the last line counts it.
    says "$tmp/said" ", 1 fault"
    same 2 "$(grep -vc ': note: ' "$tmp/said")" "lines that lint says of $name"
done
[ "${1:-}" = --write ] && exit 0
[ "$count" -ge 60 ] || fail "only $count folders"

# An employer's folder by itself: against the national one, which is not judged; and without it.
lint_copy override-loosens
mv "$tmp/c/employers/ours" "$tmp/ours"
rm -r "$tmp/c/employers"
"$pack" lint --national "$tmp/c" "$tmp/ours" >"$tmp/said" 2>&1 && fail "an override that loosens passes by itself"
says "$tmp/said" "ours/forms/leak.csv:3: column kiosk::limit_high: "
says "$tmp/said" "1 form, 1 document, 1 fault"
sed -i 's/Bq,,400/Bq,,100/' "$tmp/ours/forms/leak.csv"
"$pack" lint --national "$tmp/c" "$tmp/ours" >"$tmp/said" 2>&1 || fail "a stricter form is refused: $(cat "$tmp/said")"
echo ',,,' >>"$tmp/c/kinds.csv"
"$pack" lint --national "$tmp/c" "$tmp/ours" >"$tmp/said" 2>&1 || fail "the national folder is judged: $(cat "$tmp/said")"
"$pack" lint "$tmp/ours" >"$tmp/said" 2>&1 || fail "an employer's folder alone is refused: $(cat "$tmp/said")"
says "$tmp/said" "Say where it is: --national FOLDER."

# Wrong usage is told apart from faults.
"$pack" lint >"$tmp/said" 2>&1
same 2 $? "status of lint without a folder"
"$pack" lint --nation "$tmp/c" >"$tmp/said" 2>&1
same 2 $? "status of lint with an option that is none"

# A folder without content is the wrong one.
mkdir "$tmp/nothing"
"$pack" lint "$tmp/nothing" >"$tmp/said" 2>&1 && fail "a folder with nothing in it passes"
says "$tmp/said" "It holds no file of content. Is it the right folder?"
