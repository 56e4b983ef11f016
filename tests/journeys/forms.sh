#!/bin/sh
# The sample forms decide what the trade says they decide: each row of tests/data/forms/expect.tsv is filled in by
# `canny-pack try` and its outcome compared. The rows were written from the rules of the trade and not from the forms,
# so a slip in a form's limit or expression shows here. Every form must pass `canny-pack lint` as well. Then the tool
# itself: what lint says of forms from other tools and of a spoilt one, and what try makes of repeats and facts.
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

# holds WHAT FILE TEXT: some line of the file has the text.
holds() {
    if grep -qF -- "$3" "$2"; then
        passed=$((passed + 1))
    else
        tell "$1: nothing says \"$3\": $(head -c 300 "$2")"
    fi
}

# ends WHAT STATUS COMMAND...: the command ends with the status; its output is in out and err.
ends() {
    what=$1
    want=$2
    shift 2
    "$@" >"$tmp/out" 2>"$tmp/err"
    status=$?
    if [ "$status" -eq "$want" ]; then
        passed=$((passed + 1))
    else
        tell "$what: status $status, not $want: $(head -n 1 "$tmp/err")"
    fi
}

ends "lint of all forms" 0 "$pack" lint "$forms"
count=$(find "$forms" -name '*.csv' | wc -l)
holds "lint of all forms" "$tmp/out" "$count forms, 0 documents, 0 faults"

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

data=$root/tests/data/forms
for form in types repeats cascade logic languages; do
    ends "lint odk-$form" 0 "$pack" lint "$data/odk-$form.csv"
    holds "lint odk-$form" "$tmp/out" "1 form, 0 documents, 0 faults"
done
"$pack" lint "$data/odk-types.csv" >"$tmp/out"
holds "lint odk-types" "$tmp/out" 'odk-types.csv:28: note: column type: Left out: geopoint "where".'
ends "lint odk-outside" 1 "$pack" lint "$data/odk-outside.csv"
holds "lint odk-outside" "$tmp/out" 'odk-outside.csv:6: column calculation: In this expression: pulldata()'
holds "lint odk-outside" "$tmp/out" "0 forms, 0 documents, 6 faults"
{
    printf 'survey,type,name,label,repeat_count\n,begin_repeat,o,O,200\n,begin_repeat,r,R,200\n,text,t,T,\n'
    printf ',end_repeat,,,\n,end_repeat,,,\nsettings,form_id,form_title,version\n,crowd,Crowd,1\n'
} >"$tmp/crowd.csv"
ends "lint crowd" 1 "$pack" lint "$tmp/crowd.csv"
holds "lint crowd" "$tmp/out" "crowd.csv:2: column repeat_count: The copies of the repeats make too many rows."
holds "lint crowd" "$tmp/out" "1 form, 0 documents, 1 fault"
ends "lint nothing" 2 "$pack" lint

# What a spreadsheet does to a form on its way through it.
{
    printf '\357\273\277survey,type,name,label,requird,constraint,kiosk::limit_high\n'
    printf ',decimal,a,Reading,TRUE,. &gt; 3,1/2\n,txt,b,B, ,. != \342\200\231x\342\200\231,\n'
    printf ',begin_group,c,=A1,,,\nsettings,form_id,form_title,version\n,spoilt,Spoilt,1\n'
} >"$tmp/spoilt.csv"
ends "lint spoilt" 1 "$pack" lint "$tmp/spoilt.csv"
for text in ':1: note: The file begins with a byte order mark' \
    ':1: column requird: The sheet "survey" has no column called "requird". Is "required" meant?' \
    ':2: column requird: In this cell: the spreadsheet made TRUE or FALSE of it' \
    ':2: column constraint: In this cell: a sign was turned into web code such as &gt;' \
    ':2: column kiosk::limit_high: "1/2" is a date that the spreadsheet made' \
    ':3: column requird: In this cell: the cell holds only blanks' \
    ':3: column constraint: In this cell: curly quote marks' \
    ':3: column type: There is no type "txt". Is "text" meant?' \
    ':4: column label: In this cell: a spreadsheet formula' \
    ':4: column type: The group "c" begins here and never ends.'; do
    holds "lint spoilt" "$tmp/out" "spoilt.csv$text"
done
sed 's/,/;/g' "$data/odk-logic.csv" >"$tmp/semicolons.csv"
ends "lint semicolons" 1 "$pack" lint "$tmp/semicolons.csv"
holds "lint semicolons" "$tmp/out" "separated by semicolons"

# Repeats as lists, and by the names of their copies; both say the same.
printf '%s' '{"street":"High","homes":2,"home":[{"name_on_door":"Bain","person":[{"called":"Ann","age":41,"works":"yes"},
    {"called":"Bo","age":9}]},{"name_on_door":"Rae","person":[{"called":"Cal","age":70}]}]}' >"$tmp/nested.json"
printf '%s' '{"street":"High","homes":"2","home":"2","name_on_door#1":"Bain","person#1":"2","called#1.1":"Ann",
    "age#1.1":"41","works#1.1":"yes","called#1.2":"Bo","age#1.2":"9","name_on_door#2":"Rae","person#2":"1",
    "called#2.1":"Cal","age#2.1":"70"}' >"$tmp/flat.json"
ends "try flat" 0 "$pack" try "$data/odk-repeats.csv" --answers "$tmp/flat.json" --today 2026-11-22
cp "$tmp/out" "$tmp/flat.out"
ends "try nested" 0 "$pack" try "$data/odk-repeats.csv" --answers "$tmp/nested.json" --today 2026-11-22
cmp -s "$tmp/out" "$tmp/flat.out" || tell "try: a list and the names of its copies differ"
holds "try nested" "$tmp/out" '"outcome":"pass"'
holds "try nested" "$tmp/out" '{"name":"years","label":"years","relevant":true,"missing":false,"value":"120"'
holds "try nested" "$tmp/out" '"label":"Age of Bo"'

# The next date is that of the interval, clamped; an entered one stands; a fail has none.
{
    printf 'survey,type,name,label,required,kiosk::critical,kiosk::limit_high\n,decimal,v,V,yes,yes,5\n,date,by,By,,,\n'
    printf 'settings,form_id,form_title,version,kiosk::interval,kiosk::next_due,kiosk::fail_action\n,d,D,1,6m,by,F3\n'
} >"$tmp/due.csv"
for row in '{"v":5}|"next_due":"2027-02-28"' '{"v":5,"by":"2026-12-24"}|"next_due":"2026-12-24"' \
    '{"v":5.01}|"next_due":null' '{"v":5.01}|"outcome":"quarantine"' '{"v":5.01}|"fail_action":"F3"' \
    '{"v":5}|"interval":"6m"' '{"v":"5,1"}|"outcome":"open"'; do
    printf '%s' "${row%%|*}" >"$tmp/answers.json"
    ends "try due" 0 "$pack" try "$tmp/due.csv" --answers "$tmp/answers.json" --today 2026-08-31
    holds "try ${row%%|*}" "$tmp/out" "${row#*|}"
done

# The F0 of a log can be read before anybody has looked at the indicator: the card of results has its first word.
printf '{"log":"0 20, 5 100, 10 121.1, 30 121.1"}' >"$tmp/answers.json"
ends "try a log alone" 0 "$pack" try "$forms/mb-ster.csv" --answers "$tmp/answers.json"
holds "try a log alone" "$tmp/out" '"value":"Log read, indicator not yet"'
holds "try a log alone" "$tmp/out" '"value":"22.53'

# A form that is opened and filled and can then not be signed is told while it is written.
for size in 300:0 600:1; do
    {
        printf 'survey,type,name,label,required\n'
        awk -v n="${size%:*}" 'BEGIN { for (i = 1; i <= n; i++)
            printf ",select_one pf,part_%d,Is the part that question %d speaks of whole and in its place?,yes\n", i, i }'
        printf 'choices,list_name,name,label\n,pf,pass,Pass\n,pf,fail,Fail\nsettings,form_id,form_title,version\n,long,Long,1\n'
    } >"$tmp/long.csv"
    ends "lint ${size%:*} long rows" "${size#*:}" "$pack" lint "$tmp/long.csv"
done
holds "lint 600 long rows" "$tmp/out" "nobody could sign it"

# Many cases at once: a line for each, in their order; what one says does not reach the next, and one that cannot be filled in
# leaves the others theirs.
printf '%s' '[{"answers":{"v":5}},{"answers":{"v":5},"today":"2026-01-31"},{"answers":{"nobody":"1"}},{"answers":{"v":5.01}},
    {"facts":{}},{"answers":{"v":5},"today":"31.8.2026"},{"answers":{}},{"answers":{"v":5}}]' >"$tmp/cases.json"
ends "try cases" 1 "$pack" try "$tmp/due.csv" --cases "$tmp/cases.json" --today 2026-08-31
cp "$tmp/out" "$tmp/cases.out"
n=0
for want in '"next_due":"2027-02-28"' '"next_due":"2026-07-31"' '{"error":"the form has no question \"nobody\""}' \
    '"fail_action":"F3"' '{"error":"a case is an object with' '{"error":"\"today\" is a date such as' '"outcome":"open"' \
    '"next_due":"2027-02-28"'; do
    n=$((n + 1))
    sed -n "${n}p" "$tmp/cases.out" >"$tmp/case"
    holds "try case $n" "$tmp/case" "$want"
done
[ "$(wc -l <"$tmp/cases.out")" -eq "$n" ] || tell "try cases: not a line for each"
printf '{"v":5}' >"$tmp/answers.json"
ends "try the first case alone" 0 "$pack" try "$tmp/due.csv" --answers "$tmp/answers.json" --today 2026-08-31
[ "$(head -n 1 "$tmp/cases.out")" = "$(cat "$tmp/out")" ] || tell "try: a case alone and in a list differ"
printf "survey,type,name,label,calculation\n,decimal,v,V,\n,calculate,n,N,item('n')\nsettings,form_id,form_title,version\n,i,I,1\n" \
    >"$tmp/item.csv"
printf '{"item":{"n":"7"}}' >"$tmp/facts.json"
printf '%s' '[{"answers":{}},{"answers":{},"facts":{"item":{"n":"8"}}},{"answers":{}},{"answers":{},"facts":{}}]' >"$tmp/cases.json"
ends "try cases with facts" 0 "$pack" try "$tmp/item.csv" --cases "$tmp/cases.json" --facts "$tmp/facts.json"
same=$(sed -n 's/.*"name":"n",.*"value":"\([0-9]*\)".*/\1/p' "$tmp/out" | tr '\n' ' ')
[ "$same" = "7 8 7 " ] || tell "try cases with facts: $same"
printf '{"answers":{}}' >"$tmp/cases.json"
ends "try cases that are no list" 1 "$pack" try "$tmp/due.csv" --cases "$tmp/cases.json"
holds "try cases that are no list" "$tmp/err" "the cases are a list"
ends "try cases and answers" 2 "$pack" try "$tmp/due.csv" --cases "$tmp/cases.json" --answers "$tmp/answers.json"

printf '{"nobody":"1"}' >"$tmp/answers.json"
ends "try an unknown question" 1 "$pack" try "$tmp/due.csv" --answers "$tmp/answers.json"
holds "try an unknown question" "$tmp/err" 'the form has no question "nobody"'
ends "try a spoilt form" 1 "$pack" try "$tmp/spoilt.csv" --answers "$tmp/answers.json"
ends "try without answers" 2 "$pack" try "$tmp/due.csv"
ends "try a day that is none" 2 "$pack" try "$tmp/due.csv" --answers "$tmp/answers.json" --today 31.8.2026

printf '%s passed, %s failed\n' "$passed" "$failed"
# A table that could not be read must not look like a table that holds.
[ "$failed" -eq 0 ] && [ "$rows" -ge 60 ]
