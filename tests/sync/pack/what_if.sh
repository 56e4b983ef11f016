#!/bin/sh
# What if: forms that did not change judge a whole history as it was judged; a tighter limit finds the records that it would
# have failed; what was corrected or undone is left out; what the answers do not settle is told; and a long history takes no
# more memory than a short one.
. "$(dirname "$0")/lib.sh"
forms=$CANNY_SOURCE/assets/content

# ---- nothing changed: over every form of the content, by the cases of the trade ----
python3 "$CANNY_SOURCE/tests/sync/pack/judged_records.py" "$CANNY_BIN/records" "$CANNY_SOURCE" >"$tmp/judged.ndjson" || fail "no history"
records=$(grep -c '"kind":"check.recorded"' "$tmp/judged.ndjson")
[ "$records" -gt 1000 ] || fail "only $records records of the cases"
pack 0 what-if --history "$tmp/judged.ndjson" --forms "$forms"
says "$tmp/out" "$records records: $records judged again, 0 differ, 0 could not be judged, 0 corrected"
# What the register says is part of the history: without its lines nobody knows it.
grep -v '"kind":"item.registered"' "$tmp/judged.ndjson" >"$tmp/unregistered.ndjson"
pack 0 what-if --history "$tmp/unregistered.ndjson" --forms "$forms"
says "$tmp/out" "not judged: 3 of ra-use-in: the form asks the register for «usual_cps»"

# ---- the sample school: by its data folder and by its export ----
printf 'see "Scan"\n' >"$tmp/home.drive"
data=$tmp/school
"$CANNY_BIN/canny" --data "$data" --content "$forms" --camera none --size 800x480 --mm 154.08x85.92 \
    --now 2026-11-23T10:42:00Z --drive "$tmp/home.drive" --shots "$tmp" >"$tmp/log" 2>&1
"$CANNY_BIN/canny" export --data "$data" --format ndjson >"$tmp/school.ndjson" || fail "no export: $(cat "$tmp/log")"
pack 0 what-if --history "$tmp/school.ndjson" --forms "$forms"
says "$tmp/out" ", 0 differ,"
cp "$tmp/out" "$tmp/by-export"
pack 0 what-if --history "$data" --forms "$forms"
cmp -s "$tmp/out" "$tmp/by-export" || fail "a data folder and its export say different things"

# ---- a tighter limit ----
mkdir -p "$tmp/then" "$tmp/now"
cp "$CANNY_SOURCE/tests/data/lint/good/forms/leak.csv" "$tmp/then/"
sed 's/Bq,,200/Bq,,100/; s/2026\.1,/2026.2,/' "$tmp/then/leak.csv" >"$tmp/now/leak.csv"
cat >"$tmp/cases.json" <<'END'
[{"today": "2026-09-01", "answers": {"seal": "pass", "count": "50", "wiped": "2026-09-01"}},
 {"today": "2026-09-02", "answers": {"seal": "pass", "count": "150", "wiped": "2026-09-02"}},
 {"today": "2026-10-01", "answers": {"seal": "pass", "count": "160", "wiped": "2026-10-01"}},
 {"today": "2026-10-02", "answers": {"seal": "pass", "count": "170", "wiped": "2026-10-02"}},
 {"today": "2026-10-03", "answers": {"seal": "pass", "count": "250", "wiped": "2026-10-03"}},
 {"today": "2026-10-04", "answers": {"seal": "pass", "count": "180", "wiped": "2026-10-04"}}]
END
"$CANNY_BIN/records" "$tmp/then/leak.csv" "$tmp/cases.json" 1 >"$tmp/h.ndjson" || fail "no records"
same 6 "$(wc -l <"$tmp/h.ndjson")" "records"
python3 - "$tmp/h.ndjson" <<'END'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
device = lines[0]["device"]
# The fourth corrects the third, and the sixth was undone.
lines[3]["body"]["corrects"] = f"{device}:3"
undone = dict(lines[5], seq=7, kind="check.withdrawn", body={"check": f"{device}:6"})
with open(sys.argv[1], "w", encoding="utf-8") as f:
    for line in lines + [undone]:
        f.write(json.dumps(line, separators=(",", ":"), ensure_ascii=False) + "\n")
END
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/then"
says "$tmp/out" "6 records: 4 judged again, 0 differ, 0 could not be judged, 2 corrected or undone later"
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now"
says "$tmp/out" "6 records: 4 judged again, 2 differ, 0 could not be judged, 2 corrected or undone later"
says "$tmp/out" ":2  2026-09-02  item 0123456789abcdef  leak 2026.1 -> 2026.2  pass -> quarantine: Activity on the wipe: 150 Bq, at most 100 Bq (pass -> fail)"
says "$tmp/out" ":4  2026-10-02  item"
same 2 "$(grep -c ' -> quarantine' "$tmp/out")" "records that differ"

# By days, and as a table; a text that would start a formula is held.
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now" --from 2026-09-02 --to 2026-09-30
says "$tmp/out" "1 record: 1 judged again, 1 differs"
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now/leak.csv" --csv
says "$tmp/out" "event,day,item,form,version_then,version_now,outcome_then,outcome_now,why"
says "$tmp/out" '"2026-09-02","0123456789abcdef","leak","2026.1","2026.2","pass","quarantine","Activity on the wipe: 150 Bq'
says "$tmp/err" "2 differ"
same 3 "$(wc -l <"$tmp/out")" "lines of the table"

# ---- a looser one, and forms that did not change beside it ----
sed 's/Bq,,200/Bq,,300/; s/2026\.1,/2026.3,/' "$tmp/then/leak.csv" >"$tmp/now/leak.csv"
cat "$tmp/school.ndjson" >>"$tmp/h.ndjson"
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now"
says "$tmp/out" "quarantine -> pass: Activity on the wipe: 250 Bq, at most 300 Bq (fail -> pass)"
says "$tmp/out" "123 of forms that are not here"
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now" --national "$forms"
says "$tmp/out" "1 differs"
says "$tmp/out" "0 of forms that are not here"

# The national forms as they are published.
key one
pack 0 new --repository "$tmp/repo" --online "$tmp/one.pub" --key root,targets,national="$tmp/one.pub" --at "$day"
pack 1 what-if --history "$tmp/h.ndjson" --forms "$tmp/now" --national "$tmp/repo"
says "$tmp/err" "holds no national content yet"
build "$forms" --into "$tmp/repo" --role national
sign "$tmp/repo" one
pack 0 publish "$tmp/repo" --to "$tmp/www" --online-key "$tmp/one" --pass-file "$pass" --at "$day"
pack 0 what-if --history "$tmp/h.ndjson" --forms "$tmp/now" --national "$tmp/www"
says "$tmp/out" "1 differs"
says "$tmp/out" "0 of forms that are not here"

# ---- a new question that nobody was asked ----
sed 's/^,date,wiped/,text,seal_no,Number of the seal,yes,,,,,,,,,\n&/' "$tmp/then/leak.csv" >"$tmp/now/leak.csv"
head -7 "$tmp/h.ndjson" >"$tmp/short.ndjson"
pack 0 what-if --history "$tmp/short.ndjson" --forms "$tmp/now"
says "$tmp/out" "not judged: 3 of leak: «Number of the seal» has no answer"
# What failed then fails whatever else is asked now.
says "$tmp/out" "6 records: 1 judged again, 0 differ, 3 could not be judged"

# ---- what cannot be read ----
printf '%s\n' '{"kind":"check.recorded"' >>"$tmp/short.ndjson"
pack 1 what-if --history "$tmp/short.ndjson" --forms "$tmp/now"
says "$tmp/err" "short.ndjson line 8"
pack 1 what-if --history "$tmp/nowhere" --forms "$tmp/now"
pack 1 what-if --history "$tmp/h.ndjson" --forms "$tmp"/school
says "$tmp/err" "holds no form"
pack 2 what-if --history "$tmp/h.ndjson"
pack 2 what-if --history "$tmp/h.ndjson" --forms "$tmp/now" --from yesterday

# ---- a long history takes no more memory than a short one ----
python3 - "$tool" "$tmp" <<'END' || exit 1
import os, subprocess, sys
tool, tmp = sys.argv[1:3]
lines = open(f"{tmp}/judged.ndjson", encoding="utf-8").read().splitlines(keepends=True)[:100]
env = dict(os.environ, ASAN_OPTIONS="detect_leaks=0:quarantine_size_mb=1")
def most(times):
    with open(f"{tmp}/long.ndjson", "w", encoding="utf-8") as f:
        for _ in range(times):
            f.writelines(lines)
    script = ("import resource,subprocess,sys;subprocess.run(sys.argv[1:],check=True,stdout=subprocess.DEVNULL);"
              "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    run = subprocess.run([sys.executable, "-c", script, tool, "what-if", "--history", f"{tmp}/long.ndjson", "--forms",
                          os.path.join(os.environ["CANNY_SOURCE"], "assets/content")], env=env, capture_output=True, text=True,
                         check=True)
    return int(run.stdout)
short, long = most(2), most(20)
if long > short + 8 * 1024:
    sys.exit(f"what_if: 200 records took {short} KiB, 2,000 took {long}")
print(f"what_if: 200 records in {short} KiB, 2,000 in {long}")
END
