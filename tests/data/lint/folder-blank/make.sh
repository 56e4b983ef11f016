mkdir "$1/docs/of the council"
sed 's/^id: .*/id: more/' "$1/docs/guidance/care.md" >"$1/docs/of the council/more.md"
