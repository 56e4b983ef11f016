#!/bin/sh
# Documents: what the linter says of faulty and hostile ones, and the reader with a document of each feature on three panels;
# hostile documents in the folder change nothing for the others.
. "$(dirname "$0")/lib.sh"
pack=$CANNY_BIN/canny-pack
data=$CANNY_SOURCE/tests/data/docs

# ---- the linter ----

# told FILE LINE WORDS: one fault, at that line, with these words; status 1.
told() {
    "$pack" lint "$1" >"$tmp/lint" 2>&1
    same 1 "$?" "status of lint ${1##*/}"
    says "$tmp/lint" "$1:$2: $3"
    says "$tmp/lint" ", 1 fault"
}
hostile=$data/hostile
told "$hostile/bad-date.md" 5 'in_force_from: "2026-02-30" is no date'
told "$hostile/broken-utf8.md" 8 'not UTF-8'
told "$hostile/deep-front.md" 5 'lists and maps stand too deep'
told "$hostile/deep-lists.md" 17 'lists and quotes stand too deep'
told "$hostile/deep-quotes.md" 8 'more than 12 quotes'
told "$hostile/hundred-columns.md" 6 'too many |'
told "$hostile/long-gist.md" 11 'gist: 41 words; at most 40'
told "$hostile/long-link.md" 5 'link: the link has 80 bytes'
told "$hostile/missing-picture.md" 8 'there is no picture "nowhere.svg"'
told "$hostile/never-closed.md" 1 'the front matter is opened'
told "$hostile/no-front.md" 1 'the document needs front matter'
told "$hostile/picture-outside.md" 6 'a picture is named by its file'
told "$hostile/picture-web.md" 8 'a picture is named by its file'
told "$hostile/ten-thousand-cells.md" 206 'a table has too many cells'
told "$hostile/turned-round.md" 6 'holds a character that cannot be seen (U+202E)'
told "$hostile/unknown-key.md" 9 'there is no key "do_not"; is "do_nots" meant?'
told "$hostile/yaml-bomb.md" 2 '& and * (anchors) are not used'
{
    printf -- '---\nid: one-line\nkind: guidance\ntitle: T\n---\n'
    awk 'BEGIN { for (i = 0; i < 65536; i++) printf "sixteen letters " }'
} >"$tmp/one-line.md"
told "$tmp/one-line.md" 6 'longer than 16384 bytes'

# a folder: references, and the same id twice in one layer but not in two
mkdir -p "$tmp/folder/docs/more"
cp "$data"/content/docs/*.md "$tmp/folder/docs/"
cp -r "$data/content/pictures" "$tmp/folder/"
"$pack" lint "$tmp/folder" >"$tmp/lint"
says "$tmp/lint" 't-withdrawn-alone.md:8: replacement: there is no document "t-nowhere"'
says "$tmp/lint" 't-pictures.md:19: there is no picture "t-nowhere.svg" in the folder pictures'
says "$tmp/lint" "2 faults"
cp "$data/content/docs/t-layered.md" "$tmp/folder/docs/more/"
"$pack" lint "$tmp/folder" >"$tmp/lint"
says "$tmp/lint" 'docs/t-layered.md:1: the id "t-layered" is taken by'
says "$tmp/lint" 'docs/more/t-layered.md, which counts: its path comes first'
says "$tmp/lint" "3 faults"

# more files than a kiosk takes: said once, and nothing is missing for that
mkdir -p "$tmp/folder/pictures/crowd"
(cd "$tmp/folder/pictures/crowd" && seq 20001 | xargs touch)
"$pack" lint "$tmp/folder" >"$tmp/lint"
same 1 "$(grep -c 'More than 20000 files' "$tmp/lint")" "lines that tell of too many files"
! grep -q 'there is no document' "$tmp/lint" || fail "documents are missing only because not all were read"
rm -r "$tmp/folder/pictures/crowd"

# the content that is shipped
for folder in content help; do
    "$pack" lint "$CANNY_SOURCE/assets/$folder" >"$tmp/lint" || {
        cat "$tmp/lint" >&2
        fail "canny-pack lint finds faults in assets/$folder"
    }
done

# ---- the reader ----

folder=$tmp/content
cp -r "$content" "$folder"
cp -r "$data"/content/* "$folder/"
cp "$hostile"/*.md "$tmp/one-line.md" "$folder/docs/"
{
    printf -- '---\nid: t-long\nkind: guidance\ncodes: [T-LONG]\ntitle: A document of half a megabyte\nissuer: Canny tests\n---\n'
    awk 'BEGIN {
        for (i = 0; i < 1000; i++) {
            printf "## Part %d\n\n", i
            for (j = 0; j < 8; j++)
                printf "Word by word the text of part %d goes on, as long texts do.\n", i
            printf "\n"
        }
    }'
} >"$folder/docs/t-long.md"
# With strict_string_checks the sanitizer measures all that is left of the half megabyte at each line, where md4c looks with
# strcspn for the line's end. That is most of this test; it is checked wherever a shorter document is read.
ASAN_OPTIONS=$ASAN_OPTIONS:intercept_strspn=0
CONTENT=$folder
for PANEL in 800x480 1280x800 720x1280; do
    drive "$tmp/kiosk-$PANEL" documents.drive --now 2026-11-23T10:42:00Z
    # What the index makes of these folders is the same on all.
    [ "$PANEL" != 800x480 ] || same_index "$tmp/kiosk-800x480" "$tmp/kiosk-1280x800" "$tmp/kiosk-720x1280" "$tmp/kiosk-large"
done
PANEL=1280x800
drive "$tmp/kiosk-large" documents.drive --now 2026-11-23T10:42:00Z --large
