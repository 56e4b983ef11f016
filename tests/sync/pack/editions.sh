#!/bin/sh
# Editions: the same source at the same time gives the same bytes, a dictionary pays for the sample content and serves the
# next editions too, a small change is a small patch, recalls stand beside, and what no kiosk could take is refused.
. "$(dirname "$0")/lib.sh"

scene
# Twice, in different folders, from a copy of the source that was written in another order, on another day and for nobody else to
# read, by somebody in another place who speaks another language: the same to the byte.
mkdir "$tmp/elsewhere"
(
    umask 077
    mkdir "$tmp/elsewhere/copy"
    cd "$content" && find . -type f | sort -r | while IFS= read -r file; do
        mkdir -p "$tmp/elsewhere/copy/$(dirname "$file")" && cat "$file" >"$tmp/elsewhere/copy/$file"
    done
    find "$tmp/elsewhere/copy" -exec touch -d 2001-02-03 {} +
)
cp -R "$tmp/repo" "$tmp/again"
build "$content" --into "$tmp/repo" --role national
(
    cd "$tmp/elsewhere" && umask 077
    TZ=Pacific/Kiritimati LC_ALL=de_DE.UTF-8 LANG=tr_TR.UTF-8 HOME=/nowhere build copy --into "$tmp/again" --role national
) || exit 1
cp "$tmp/out" "$tmp/told"
diff -r "$tmp/repo" "$tmp/again" || fail "the same source gave other bytes"
says "$tmp/out" "a dictionary pays"
# Built once more it keeps its signatures.
sign "$tmp/repo" one
pack 0 build "$content" --into "$tmp/repo" --role national --at "$day" --renew
says "$tmp/out" "its signatures stay"
sign "$tmp/repo" two
publish "$tmp/repo" "$tmp/www"

# What has not changed is no new edition.
build "$content" --into "$tmp/repo" --role national
says "$tmp/out" "nothing has changed since the edition that is published"
[ ! -e "$tmp/repo/staged/national.json" ] || fail "nothing had changed, and something was staged"

# One document: one blob of it, by the same dictionary, and a patch that is far smaller than the list.
document "$tmp/elsewhere/copy" extra "One more document about fume cupboards and goggles."
before=$(find "$tmp/repo/blobs" -type f | wc -l)
build "$tmp/elsewhere/copy" --into "$tmp/repo" --role national
says "$tmp/out" "since 2026-11-23: 0 changed, 1 added, 0 gone"
says "$tmp/out" "    added docs/guidance/extra.md"
says "$tmp/out" "1 of $(find "$content" -path "$content/employers" -prune -o -type f ! -name 'README*' -print | wc -l |
    awk '{ print $1 + 1 }') blobs are new"
says "$tmp/out" "edition 2026-11-23.2"
same $((before + 1)) "$(find "$tmp/repo/blobs" -type f | wc -l)" "blobs after one more document"
small=$(find "$tmp/repo/patches" -name '*-*' -printf '%s\n')
[ "$small" -lt 500 ] || fail "a patch of $small bytes for one document"
sign "$tmp/repo" one two
publish "$tmp/repo" "$tmp/www"
pack 0 verify "$tmp/www" --at "$day"

# A form says by its version what a record was judged by: changed, it has to have another. As a spreadsheet saves it anew it is
# the same. A document may keep its revision, and it is told what that means.
copy=$tmp/elsewhere/copy
sed 's/,m\/s,0.4,/,m\/s,0.45,/' "$copy/forms/fc-use.csv" >"$tmp/fc-use.csv"
cmp -s "$tmp/fc-use.csv" "$copy/forms/fc-use.csv" && fail "fc-use has no such limit any more"
mv "$copy/forms/fc-use.csv" "$tmp/fc-use.before"
cp "$tmp/fc-use.csv" "$copy/forms/fc-use-renamed.csv"
pack 1 build "$copy" --into "$tmp/repo" --role national --at "$day"
says "$tmp/out" "forms/fc-use-renamed.csv: The form has changed since it was published, and its version is still "
[ ! -e "$tmp/repo/staged/national.json" ] || fail "a form without another version was staged"
rm "$copy/forms/fc-use-renamed.csv"
{
    printf '\357\273\277'
    sed 's/$/,,\r/' "$tmp/fc-use.before"
} >"$copy/forms/fc-use.csv"
document "$copy" extra "Something else about fume cupboards."
build "$copy" --into "$tmp/repo" --role national
says "$tmp/out" "extra.md: note: It has changed, and its revision is still 1"
says "$tmp/out" "    changed forms/fc-use.csv"
mv "$tmp/fc-use.before" "$copy/forms/fc-use.csv"
document "$copy" extra "One more document about fume cupboards and goggles."
rm "$tmp/repo/staged/national.json"

# A kiosk shows a notice once per revision: changed, it has to have a later one, wherever its file lies by now. Taken back it
# asks for nothing.
notices=$copy/docs/notices
mv "$notices/recall-example-supply.md" "$tmp/recall.before"
sed 's/^stop_makers:.*/stop_makers: [Another maker]/' "$tmp/recall.before" >"$notices/renamed.md"
cmp -s "$tmp/recall.before" "$notices/renamed.md" && fail "the recall of the sample names no makers any more"
pack 1 build "$copy" --into "$tmp/repo" --role national --at "$day"
says "$tmp/out" "docs/notices/renamed.md: The notice has changed since it was published, and its revision is "
says "$tmp/out" "Write revision: "
[ ! -e "$tmp/repo/staged/national.json" ] || fail "a notice without another revision was staged"
later=$(sed -n 's/.*Write revision: \([0-9]*\)\./\1/p' "$tmp/out")
mv "$notices/renamed.md" "$tmp/recall.changed"
{
    printf -- "---\nrevision: %s\n" "$later"
    sed -e 1d -e '/^revision:/d' "$tmp/recall.changed"
} >"$notices/recall-example-supply.md"
build "$copy" --into "$tmp/repo" --role national
says "$tmp/out" "    changed docs/notices/recall-example-supply.md"
sed 's/^notice_kind:/withdrawn: "The maker has put them right"\n&/' "$tmp/recall.before" >"$notices/recall-example-supply.md"
build "$copy" --into "$tmp/repo" --role national
says "$tmp/out" "    changed docs/notices/recall-example-supply.md"
mv "$tmp/recall.before" "$notices/recall-example-supply.md"
rm "$tmp/repo/staged/national.json"

# To more kiosks: the same edition, no new blob.
pack 0 build "$tmp/elsewhere/copy" --into "$tmp/repo" --role national --percent 10 --at "$day"
says "$tmp/out" "edition 2026-11-23.2 for 10 kiosks of a hundred"
says "$tmp/out" "0 of"
pack 2 build "$tmp/source" --into "$tmp/repo" --role national --percent 101
pack 2 build "$tmp/source" --into "$tmp/repo" --role national --edition 'a b'
pack 2 build "$tmp/source" --into "$tmp/repo" --role somebody
pack 2 build "$tmp/source" --into "$tmp/repo" --role national --at yesterday

# The recall of the sample stands in stop.json, as its author wrote it.
stop=$(ls "$tmp/www/targets/national/"*.stop.json)
python3 - "$stop" "$content/docs/notices" <<'END' || fail "stop.json"
import json, pathlib, sys
stop = json.load(open(sys.argv[1], encoding="utf-8"))
assert (stop["format"], stop["role"]) == (1, "national"), stop
assert [n["id"] for n in stop["notices"]] == ["recall-example-supply"], stop
assert stop["notices"][0]["source"] == (pathlib.Path(sys.argv[2]) / "recall-example-supply.md").read_text(encoding="utf-8")
END

# What lint finds wrong is not built, nor what content cannot hold.
printf 'no front matter\n' >"$tmp/source/docs/guidance/broken.md"
pack 1 build "$tmp/source" --into "$tmp/again" --role national --at "$day"
says "$tmp/out" "broken.md:"
says "$tmp/err" "nothing is built until what stands above is put right"
rm "$tmp/source/docs/guidance/broken.md"
mkdir -p "$tmp/source/pictures"
head -c 1100000 /dev/zero >"$tmp/source/pictures/large.png"
pack 1 build "$tmp/source" --into "$tmp/again" --role national --at "$day"
says "$tmp/out" "larger than 512 KiB"
rm "$tmp/source/pictures/large.png"
: >"$tmp/source/pictures/a:b.png"
pack 1 build "$tmp/source" --into "$tmp/again" --role national --at "$day"
says "$tmp/out" "Call it \"ab.png\""
rm "$tmp/source/pictures/a:b.png"
printf 'minutes\n' >"$tmp/source/minutes.docx"
build "$tmp/source" --into "$tmp/again" --role national
says "$tmp/out" "minutes.docx: left out"
pack 1 build "$tmp/nowhere" --into "$tmp/again" --role national --at "$day"
pack 1 build "$tmp/source" --into "$tmp/source" --role national --at "$day"
says "$tmp/err" "is no repository"
printf 'editions: the same bytes for the same source, small ones for small changes\n'
