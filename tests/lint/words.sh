#!/bin/sh
# Fails on a folder of somebody's own machine, on the name of a package host (what is installed comes from wherever
# the machine is set up for), and on a link between our pages that leads nowhere.
. "$(dirname "$0")/common.sh"

# Widgets have paths too, and those of the home screen begin as a person's folder does: tests and C may name them.
front='(^|[^A-Za-z0-9_.~-])'
machine="$front/(root|work|Users|mnt)/[A-Za-z0-9_.-]"
person="$front/home/[A-Za-z0-9_.-]"
# By the first word of its name: the hosts themselves are not named here either.
host='(^|[^A-Za-z0-9.-])(deb|security|snapshot|archive|ftp|mirrors?|packages|ports|registry|pypi|npm|proxy)\.([a-z0-9-]+\.)*[a-z0-9-]+\.(org|com|io|net)([^A-Za-z0-9-]|$)'

look() {
    grep -InHE "$machine" -- "$@" | sed 's/^\([^:]*:[0-9]*\):.*/\1: a folder of one machine/'
    for file in "$@"; do
        case $file in tests/lint/bad/*) grep -InHE "$person" -- "$file" ;; tests/* | *.[ch]) ;; *) grep -InHE "$person" -- "$file" ;; esac
    done | sed 's/^\([^:]*:[0-9]*\):.*/\1: a folder of one person/'
    grep -InHiE "$host" -- "$@" | sed 's/^\([^:]*:[0-9]*\):.*/\1: a package host/'
    for page in "$@"; do
        case $page in tests/data/*) continue ;; *.md) ;; *) continue ;; esac
        grep -noE '\]\([^)]+\)' "$page" | while IFS=: read -r line link; do
            link=${link#*(}
            link=${link%)}
            case $link in
            '#'* | *:*) continue ;; # within the page; another scheme
            /*) target=.$link ;;
            *.svg | *.png | *.jpg) # a document's picture stands in its content's folder of pictures
                case $page in
                # An employer's own folder, else that of the whole content.
                */employers/*/docs/*)
                    target=${page%%/docs/*}/pictures/$link
                    [ -e "$target" ] || target=${page%%/employers/*}/pictures/$link
                    ;;
                */docs/*/*) target=${page%%/docs/*}/pictures/$link ;;
                *) target=$(dirname "$page")/$link ;;
                esac ;;
            *) target=$(dirname "$page")/$link ;;
            esac
            target=${target%%#*}
            [ -e "${target%% *}" ] || echo "$page:$line: the link leads nowhere"
        done
    done
}

prove tests/lint/bad/words.md
sources '*' >"$tmp/files"
look_listed >"$tmp/found"
finish words "$(wc -l <"$tmp/files")"
