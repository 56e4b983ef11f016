#!/bin/sh
# The sample forms decide what the trade says they decide: each row of tests/data/forms/expect.tsv is filled in by
# `canny-pack try` and its outcome compared. The rows were written from the rules of the trade and not from the forms,
# so a slip in a form's limit or expression shows here. Every form must pass `canny-pack lint` as well.
# usage: forms.sh CANNY-PACK [SOURCE-DIR]
set -u

pack=${1:?usage: forms.sh CANNY-PACK [SOURCE-DIR]}
root=${2:-$(cd "$(dirname "$0")/../.." && pwd)}
table=$root/tests/data/forms/expect.tsv
forms=$root/assets/content/forms
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT

passed=0
failed=0
tab=$(printf '\t')

tell() {
    failed=$((failed + 1))
    printf '%s\n' "$1" >&2
}

for form in "$forms"/*.csv; do
    if "$pack" lint "$form" >"$tmp/lint" 2>&1; then
        passed=$((passed + 1))
    else
        tell "lint ${form##*/}: $(head -n 5 "$tmp/lint")"
    fi
done

line=0
rows=0
while IFS="$tab" read -r form answers outcome why; do
    line=$((line + 1))
    case $form in
    '#'* | '') continue ;;
    esac
    rows=$((rows + 1))
    printf '%s\n' "$answers" >"$tmp/answers.json"
    # An open check may end with a status other than 0: the outcome is what counts here.
    "$pack" try "$forms/$form.csv" --answers "$tmp/answers.json" >"$tmp/out" 2>"$tmp/err"
    got=$(tr -d '\n' <"$tmp/out" | sed -n 's/.*"outcome" *: *"\([a-z]*\)".*/\1/p')
    if [ "$got" = "$outcome" ]; then
        passed=$((passed + 1))
    else
        tell "expect.tsv:$line $form: $why: wanted $outcome, got ${got:-nothing ($(head -n 1 "$tmp/err"))}"
    fi
done <"$table"

printf '%s passed, %s failed\n' "$passed" "$failed"
# A table that could not be read must not look like a table that holds.
[ "$failed" -eq 0 ] && [ "$rows" -ge 60 ]
