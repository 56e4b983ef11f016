#include <string.h>

#include "app/domain/doc_parts.h"

/* Members that hold one text, and members that hold a list with its count. */
static const struct front_member {
    const char *id;
    size_t text;
    size_t list, count;
} members[] = {
    { "id", offsetof(struct doc, id) },
    { "kind", offsetof(struct doc, kind) },
    { "title", offsetof(struct doc, title) },
    { "issuer", offsetof(struct doc, issuer) },
    { "summary", offsetof(struct doc, summary) },
    { "revised", offsetof(struct doc, revised) },
    { "example", offsetof(struct doc, example) },
    { "if_wrong", offsetof(struct doc, if_wrong) },
    { "who", offsetof(struct doc, who) },
    { "what_changed", offsetof(struct doc, what_changed) },
    { "withdrawn", offsetof(struct doc, withdrawn) },
    { "replacement", offsetof(struct doc, replacement) },
    { "overrides", offsetof(struct doc, overrides) },
    { "differs", offsetof(struct doc, differs) },
    { "confidence", offsetof(struct doc, confidence) },
    { "subjects", 0, offsetof(struct doc, subjects), offsetof(struct doc, subject_count) },
    { "stages", 0, offsetof(struct doc, stages), offsetof(struct doc, stage_count) },
    { "equipment", 0, offsetof(struct doc, equipment), offsetof(struct doc, equipment_count) },
    { "keywords", 0, offsetof(struct doc, keywords), offsetof(struct doc, keyword_count) },
    { "do_nots", 0, offsetof(struct doc, do_nots), offsetof(struct doc, do_not_count) },
    { "hazards", 0, offsetof(struct doc, hazards), offsetof(struct doc, hazard_count) },
    { "ppe", 0, offsetof(struct doc, ppe), offsetof(struct doc, ppe_count) },
    { "codes", 0, offsetof(struct doc, codes), offsetof(struct doc, code_count) },
    { "relates", 0, offsetof(struct doc, relates), offsetof(struct doc, relate_count) },
};
static const struct front_day {
    const char *id;
    size_t day;
} days[] = {
    { "revised", offsetof(struct doc, revised_day) },
    { "stale_after", offsetof(struct doc, stale_after) },
    { "hide_after", offsetof(struct doc, hide_after) },
    { "review_on", offsetof(struct doc, review_on) },
};

/* The texts of a list; of an entry that is a map its key `kind`, which only equipment has. */
static enum err front_list(struct arena *a, struct doc *out, const struct front_member *member,
                           const struct doc_node *node, struct why *why)
{
    size_t most = doc_node_count(node);
    const char **list = arena_array(a, most + 1, sizeof(*list));
    size_t count = 0;

    if (list == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the front matter");
    for (size_t i = 0; i < most; i++) {
        const char *text = doc_node_at(node, i);

        if (node->kind == DOC_NODE_LIST && node->items[i].kind == DOC_NODE_MAP)
            text = doc_node_text(&node->items[i], "kind");
        if (*text != '\0')
            list[count++] = text;
    }
    memcpy((char *)out + member->list, &list, sizeof(list));
    memcpy((char *)out + member->count, &count, sizeof(count));
    return ERR_OK;
}

static enum err front_members(struct arena *a, struct doc *out, struct why *why)
{
    for (size_t i = 0; i < COUNT_OF(members); i++) {
        const struct doc_node *node = doc_get(out, members[i].id);
        const char *text = node != NULL ? node->text : "";
        enum err rc;

        /* What harm there is stands in `hazards`, its signs in `signs`; where there are no such
           sentences the signs stand in `hazards` themselves. */
        if (str_eq(members[i].id, "hazards") && doc_get(out, "signs") != NULL)
            node = doc_get(out, "signs");
        if (members[i].list == 0) {
            memcpy((char *)out + members[i].text, &text, sizeof(text));
            continue;
        }
        rc = front_list(a, out, &members[i], node, why);
        if (rc != ERR_OK)
            return rc;
    }
    return ERR_OK;
}

static bool front_first_hard(void *ctx, unsigned line, bool hard, const char *text)
{
    if (hard)
        (void)why_set(ctx, ERR_INPUT, 0, "line %u: %s", line, text);
    return !hard;
}

enum err doc_front(struct arena *a, struct doc *out, struct why *why)
{
    struct why first = { 0 };
    int64_t revision = 1;
    enum err rc;

    if (!doc_check_front(&out->front, (struct doc_fault_to){ front_first_hard, &first }))
        return why_set(why, ERR_INPUT, 0, "%s", first.text);
    rc = front_members(a, out, why);
    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        int32_t day = CALDATE_NONE;

        if (!caldate_parse(doc_text(out, days[i].id), &day))
            day = CALDATE_NONE;
        memcpy((char *)out + days[i].day, &day, sizeof(day));
    }
    if (*doc_text(out, "revision") != '\0' && !str_to_i64(doc_text(out, "revision"), &revision))
        revision = 1;
    out->revision = (int)revision;
    out->material = *doc_text(out, "material") != '\0' ? doc_node_yes(&out->front, "material")
                                                       : out->revision > 1;
    out->issuer_kind = "sample";
    return ERR_OK;
}
