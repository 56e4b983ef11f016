#!/bin/sh
# What a hub has kept long enough is told first, and goes only by the code of just what was told; a name that no line has named
# for years is erased as any other.
. "$(dirname "$0")/lib.sh"
need python3
hub=$tmp/hub
name="Technician 1 (example)"
hub_start "$hub"
steps "$tmp/a" --hub "$hub_url" --join "$(hub_code "$hub")" --now 2019-02-28T09:00:00Z <<'STEPS'
sync
STEPS
hub_stop
retention() {
    "$CANNY_BIN/canny-hub" retention --data "$hub" --rules "$tmp/rules" "$@"
}

# Rules that are none are told by their line.
while read -r rule why; do
    printf '# ours\n%s\n' "$(echo "$rule" | tr _ ' ')" >"$tmp/rules"
    retention >"$tmp/out" 2>"$tmp/why" && fail "a rule was taken: $rule"
    grep -q "line 2: .*$why" "$tmp/why" || fail "«$rule»: $(cat "$tmp/why")"
done <<'RULES'
lines_12_Ours is not one of names
names_0_Ours 1 to 1200
names_soon_Ours 1 to 1200
alarms_12 say whose rule
RULES
: >"$tmp/rules"
retention 2>"$tmp/why" && fail "no rule was taken for one"
grep -q "no rule" "$tmp/why" || fail "an empty file is not told"

printf 'names 1200 Council of Example, example rule\n' >"$tmp/rules"
retention >"$tmp/out" || fail "nothing to do is no success"
grep -q "nothing is old enough" "$tmp/out" || fail "nothing to do is not told"

# Seven years on.
printf 'names 72 Council of Example, example rule\nalarms 12 Council of Example, example rule\n' >"$tmp/rules"
retention >"$tmp/out" || fail "the look failed"
grep -q "^names	.*Example Academy	last named in a line on 2019-02-28" "$tmp/out" || fail "the old are not listed: $(cat "$tmp/out")"
code=$(sed -n 's/.*add --run \([0-9a-f]*\)$/\1/p' "$tmp/out")
grep -aq "$name" "$hub/hub.db" || fail "a look erased a name"
retention --run 00000000 >"$tmp/out2" 2>"$tmp/why" && fail "another code was taken"
grep -q -- "--run $code" "$tmp/why" || fail "the refusal does not say the code of what is there"
# One alarm more, and it is not what was looked at.
python3 - "$hub/hub.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
site = db.execute("select id from site").fetchone()[0]
db.execute("insert into alarm(site, no, at_ms, device, code, text) values (?, 900, 1000, 'd', 'fork', 'x')", (site,))
db.commit()
PY
retention --run "$code" >"$tmp/out2" 2>"$tmp/why" && fail "more went than was looked at"
grep -q "^alarms	1	from before" "$tmp/out2" || fail "the refusal does not tell what is there now"
code=$(sed -n 's/.*say --run \([0-9a-f]*\) .*/\1/p' "$tmp/why")
retention --run "$code" >"$tmp/out" || fail "what was looked at does not go"
grep -q "^done" "$tmp/out" || fail "it is not told that it was done"
grep -aq "$name" "$hub/hub.db" && fail "the name is still there"
retention >"$tmp/out" || fail "the look afterwards failed"
grep -q "nothing is old enough" "$tmp/out" || fail "something is left: $(cat "$tmp/out")"
verify_hub "$hub"

# The kiosk reads of it.
hub_start "$hub"
steps "$tmp/a" <<STEPS
sync
tap "/home/menu"
tap "/menu/rows/people"
unsee "$name"
STEPS
hub_stop
