#!/bin/sh
# An adviser holds the formulas of the trade against worked examples: ours (tests/data/vectors.json, worked out by a
# program that shares nothing with the product) agree, a figure that is off is named, and what nothing calculates is
# never counted as agreed. The trade's own examples lie outside the project; where they are, they are held as well.
. "$(dirname "$0")/lib.sh"

pack=$CANNY_BIN/canny-pack
own=$CANNY_SOURCE/tests/data/vectors.json
more=$CANNY_SOURCE/tests/data/vectors_trade.json
trade=$CANNY_SOURCE/../shared/domain/vectors.json

# vectors STATUS FILE...: the command must end so; output in $tmp/out and $tmp/err.
vectors() {
    wanted=$1
    shift
    "$pack" vectors "$@" >"$tmp/out" 2>"$tmp/err"
    same "$wanted" $? "the status of vectors $*"
}

# differs TEXT WORDS...: a file of that text fails, and says each of the words.
differs() {
    printf '%s\n' "$1" >"$tmp/case.json"
    shift
    vectors 1 "$tmp/case.json"
    for words in "$@"; do
        says "$tmp/out" "$words"
    done
}

# refused WORDS: the file as it stands in $tmp/case.json is not read, and one line says why.
refused() {
    vectors 1 "$tmp/case.json"
    says "$tmp/err" "$1"
    same 1 "$(wc -l <"$tmp/err")" "lines about a file that is refused"
    same 0 "$(wc -c <"$tmp/out")" "output about a file that is refused"
}

vectors 0 "$own"
same "65 passed, 0 failed" "$(cat "$tmp/out")" "our own examples"
vectors 0 "$more"
same "100 passed, 0 failed" "$(cat "$tmp/out")" "our own examples of the other formulas"

if [ -f "$trade" ]; then
    vectors 0 "$trade"
    same 1 "$(wc -l <"$tmp/out")" "lines about the trade's examples"
    says "$tmp/out" " passed, 0 failed"
    printf 'the examples of the trade: %s\n' "$(cat "$tmp/out")"
else
    printf 'the examples of the trade are skipped: there is no file %s\n' "../shared/domain/vectors.json"
fi

# Each figure of the files matters: one that is off, in any section, is found and named. A section's altered examples are
# one file: a run for each of hundreds would take minutes.
python3 - "$tmp" "$own" "$more" >"$tmp/altered" <<'PYTHON' || fail "the altered files could not be made"
import copy, json, sys
examples_of = [pair for path in sys.argv[2:] for pair in json.load(open(path, encoding="utf-8")).items()]
for number, (section, examples) in enumerate(examples_of):
    path, wrong = f"{sys.argv[1]}/altered{number}.json", []
    for at, example in enumerate(examples if section != "meta" else []):
        for part in ("expect", "expect_full", "expect_error"):
            for name in example.get(part, {}) if part != "expect_error" else [part] if part in example else []:
                altered = copy.deepcopy(example)
                there = altered[part] if part != "expect_error" else altered
                value = there[name]
                if isinstance(value, bool):
                    there[name] = not value
                elif isinstance(value, str):
                    there[name] = value[:-1] + ("1" if value[-1] != "1" else "2")
                else:
                    off = 2e-3 if part == "expect" else 1e-5
                    there[name] = value + 1 if isinstance(value, int) or value == 0 else value * (1 + off)
                wrong.append(altered)
                print(path, example["id"] + " " + name + ": ", sep="\t")
    json.dump({section: wrong}, open(path, "w", encoding="utf-8"))
PYTHON
tab=$(printf '\t')
for file in $(cut -f 1 "$tmp/altered" | uniq); do
    grep -F "$file$tab" "$tmp/altered" | cut -f 2 | sort >"$tmp/wanted"
    "$pack" vectors "$file" >"$tmp/out" 2>"$tmp/err"
    same 1 $? "the status of $(wc -l <"$tmp/wanted") altered examples"
    says "$tmp/out" "0 passed, $(wc -l <"$tmp/wanted") failed"
    # What is told about each begins with its name and the figure's.
    sed -n 's/: .*/: /p' "$tmp/out" | sort >"$tmp/told"
    diff "$tmp/wanted" "$tmp/told" >&2 || fail "an altered figure is not named (<), or another is (>)"
done
[ "$(wc -l <"$tmp/altered")" -ge 800 ] || fail "only $(wc -l <"$tmp/altered") figures were altered"

good='"in": {"observed_cps": 0, "dead_time_s": 0.0001}'
differs '{"pressure": [{"id": "P1"}], "dead_time": [{"id": "D1", '"$good"', "expect": {"true_cps": 0}}]}' \
    "pressure: no formula has this name" "1 passed, 1 failed"
differs '{"dead_time": {"id": "D1"}}' "dead_time: not a list of examples" "0 passed, 1 failed"
differs '{"dead_time": []}' "dead_time: not a list of examples"
differs '{"dead_time": [7]}' "dead_time[1] in: missing"
differs '{"dead_time": [{"id": "D1", '"$good"'}]}' "D1: nothing is expected"
differs '{"dead_time": [{"id": "D1", '"$good"', "expect": {"true_cpm": 0}}]}' "D1 true_cpm: nothing of this name"
differs '{"dead_time": [{"id": "D1", '"$good"', "expect": {"true_cps": "0"}}]}' "D1 true_cps: a number is"
differs '{"dead_time": [{"id": "D1", "in": {"observed_cps": "850"}, "expect": {"true_cps": 850}}]}' \
    "D1: in observed_cps: not a number"
differs '{"dead_time": [{"id": "D1", "in": {"observed_cps": 850}, "expect": {"true_cps": 850}}]}' \
    "D1: in dead_time_s: missing"
differs '{"dead_time": [{"id": "D1", "in": {"observed_cps": 0, "dead_time_s": 0, "tube": 7}, "expect": {"true_cps": 0}}]}' \
    "D1 tube: an input that the formula does not take"
differs '{"dead_time": [{"id": "D1", "in": {"observed_cps": 9, "dead_time_s": 1}, "expect": {"true_cps": 9}}]}' \
    "D1 DEAD_TIME_IMPOSSIBLE: No tube"
differs '{"dead_time": [{"id": "D1", '"$good"', "expect_error": "DEAD_TIME_IMPOSSIBLE"}]}' \
    "D1 expect_error: expected DEAD_TIME_IMPOSSIBLE, got an answer"
differs '{"interval": [{"id": "I1", "in": {"last": "2026-02-30", "months": 6}, "expect": {"due": "2026-08-30"}}]}' \
    "I1: in last: not a date"
differs '{"interval": [{"id": "I1", "in": {"last": "2026-02-28", "months": 1e9}, "expect": {"due": "2026-08-30"}}]}' \
    "I1: in months: not a whole number"
differs '{"f0": [{"id": "F1", "in": {"t_min": [0, 1], "T_C": [121], "T_ref_C": 121.1, "z_C": 10}, "expect": {"max_T_C": 121}}]}' \
    "F1: in T_C: not as many temperatures"
# The file's words reach a terminal, so they bring no escapes.
differs '{"dead_time": [{"id": "\u001b[2Jred", '"$good"', "expect": {"true_cps": 1}}]}' '?[2Jred true_cps: '

printf '{"dead_time": [' >"$tmp/case.json"
refused "case.json"
printf '[]' >"$tmp/case.json"
refused "one JSON object"
printf '{"meta": {"about": "nothing"}}' >"$tmp/case.json"
refused "no worked example"
head -c 4194305 /dev/zero | tr '\0' ' ' >"$tmp/case.json"
refused "case.json"
rm "$tmp/case.json"
refused "case.json"

vectors 2
vectors 2 "$own" "$own"
vectors 2 --all
"$pack" vectors --help >"$tmp/out" || fail "--help fails"
says "$tmp/out" "canny-pack vectors FILE.json"
