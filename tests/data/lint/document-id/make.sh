sed "s/^id: .*/id: morag-o'hara/" "$1/docs/guidance/care.md" >"$1/docs/guidance/morag.md"
