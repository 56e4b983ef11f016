#!/bin/sh
# Key files: for nobody else to read, never written over, opened by their pass phrase alone, and asked for on the terminal
# without an echo. What is damaged is refused.
. "$(dirname "$0")/lib.sh"

key morag "Mòrag O'Hara"
same 600 "$(stat -c %a "$tmp/morag")" "the mode of a secret key"
grep -q "\"name\":\"Mòrag O'Hara\"" "$tmp/morag.pub" || fail "the public half lacks its name"
pack 1 key make "$tmp/morag" --pass-file "$pass"
says "$tmp/err" "a key is never written over"
# In a folder that is made for it; and what others may read is said, with the words that mend it.
pack 0 key make "$tmp/all of them/morag o'hara" --pass-file "$pass"
same 700 "$(stat -c %a "$tmp/all of them")" "the mode of a folder of keys"
rm "$tmp/morag.pub"
pack 1 key make "$tmp/morag" --pass-file "$pass"
says "$tmp/err" "is there already"
# The public half is told by the secret file as well.
pack 0 key list "$tmp/morag"
says "$tmp/out" "Mòrag O'Hara"

printf 'short\n' >"$tmp/short"
pack 1 key make "$tmp/other" --pass-file "$tmp/short"
says "$tmp/err" "at least 12 characters"
[ ! -e "$tmp/other" ] || fail "a key was made with a short pass phrase"
pack 1 key make "$tmp/other" --name "two
lines" --pass-file "$pass"
pack 2 key make
pack 2 key turn
pack 2 key list
pack 1 key list "$tmp/pass"
says "$tmp/err" "is no key file"

# What is damaged, or asks for the memory of the moon.
key ailsa
key council
key online
repository_of() {
    pack 0 new --repository "$1" --online "$tmp/online.pub" --key root="$tmp/ailsa.pub" --key targets="$tmp/ailsa.pub" \
        --key national="$tmp/ailsa.pub"
}
repository_of "$tmp/repo"
chmod 644 "$tmp/ailsa"
pack 0 sign "$tmp/repo" --key "$tmp/ailsa" --pass-file "$pass"
says "$tmp/err" "note: others than its owner may read $tmp/ailsa: chmod 600 $tmp/ailsa"
chmod 600 "$tmp/ailsa"
# A slip in a name is no threshold, and an empty word no folder.
pack 1 new --repository "$tmp/slip" --online "$tmp/online.pub" --key root,targets,national="$tmp/ailsa.pub" \
    --threshold natonal=1
says "$tmp/err" "--threshold natonal=1: nobody signs for natonal"
[ ! -e "$tmp/slip" ] || fail "a repository was made in spite of the slip"
pack 2 new ""
says "$tmp/err" "is empty"
pack 2 lint ""
# What is to be pasted is in quotes where it needs them.
pack 0 new "$tmp/Mòrag's content"
says "$tmp/out" "canny-pack lint '$tmp/Mòrag'\\''s content'"
sed 's/"mib":64/"mib":99999/' "$tmp/ailsa" >"$tmp/greedy"
sed 's/"box":"...../"box":"AAAAA/' "$tmp/ailsa" >"$tmp/changed"
sed 's/"public":"[0-7]/"public":"f/; t; s/"public":"[89a-f]/"public":"0/' "$tmp/ailsa" >"$tmp/swapped"
for bad in greedy changed swapped; do
    pack 1 sign "$tmp/repo" --key "$tmp/$bad" --pass-file "$pass"
    grep -q 'is damaged\|not its pass phrase' "$tmp/err" || fail "$bad: $(cat "$tmp/err")"
done
pack 1 sign "$tmp/repo" --key "$tmp/ailsa.pub" --pass-file "$pass"
says "$tmp/err" "give the file without .pub"
# Without a terminal and without a file.
setsid -w "$tool" sign "$tmp/repo" --key "$tmp/ailsa" </dev/null >"$tmp/out" 2>"$tmp/err"
same 1 $? "the status without a terminal"
says "$tmp/err" "use --pass-file FILE"

# On a terminal: twice without an echo, a slip taken back, and nothing made of two that differ or of Ctrl-C.
need python3
python3 "$(dirname "$0")/terminal.py" "$tool" "$tmp" || fail "the terminal"
printf 'four plain words more\n' >"$tmp/typed"
pack 1 sign "$tmp/repo" --key "$tmp/typed-key" --pass-file "$tmp/typed"
says "$tmp/err" "may sign nothing that is staged"
printf 'keys: kept, opened and refused as they should be\n'
