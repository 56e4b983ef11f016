#include "app/domain/issuer.h"

#include <string.h>

#include "app/domain/doc_parts.h"

static const char *const issuer_keys[] = { "name",    "kind",   "constituency", "site",
                                           "contact", "matrix", "receipts" };

static enum err issuer_known(const struct doc_node *map, struct why *why)
{
    for (size_t i = 0; i < map->count; i++) {
        size_t k = 0;

        while (k < COUNT_OF(issuer_keys) && !str_eq(map->items[i].key, issuer_keys[k]))
            k++;
        if (k == COUNT_OF(issuer_keys))
            return why_set(why, ERR_INPUT, 0,
                           "line %u: \"%.40s\" means nothing here; the keys are name, kind, "
                           "constituency, site, "
                           "contact, matrix, receipts",
                           map->items[i].line, map->items[i].key);
        if (map->items[i].kind != DOC_NODE_TEXT)
            return why_set(why, ERR_INPUT, 0, "line %u: %.40s: write one text behind the colon",
                           map->items[i].line, map->items[i].key);
    }
    return ERR_OK;
}

enum err issuer_parse(struct arena *a, const char *source, size_t len, struct issuer *out,
                      struct why *why)
{
    struct doc_node map = { .key = "", .text = "" };
    struct issuer i;
    enum err rc;

    if (len >= 3 && memcmp(source, "\xef\xbb\xbf", 3) == 0) {
        source += 3;
        len -= 3;
    }
    if (len > ISSUER_BYTES_MAX || !utf8_valid(source, len))
        return why_set(why, ERR_INPUT, 0, "not a text of at most %d KiB", ISSUER_BYTES_MAX / 1024);
    rc = doc_nodes(a, source, len, 1, &map, why);
    if (rc == ERR_OK)
        rc = issuer_known(&map, why);
    if (rc != ERR_OK)
        return rc;
    i = (struct issuer){
        .name = doc_node_text(&map, "name"),
        .kind = doc_node_text(&map, "kind"),
        .constituency = doc_node_text(&map, "constituency"),
        .site = doc_node_text(&map, "site"),
        .contact = doc_node_text(&map, "contact"),
        .matrix = doc_node_yes(&map, "matrix"),
        .receipts = doc_node_yes(&map, "receipts"),
    };
    if (i.name[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "line 1: there is no \"name\"; write the employer's");
    if (i.constituency[0] == '\0')
        return why_set(
            why, ERR_INPUT, 0,
            "line 1: there is no \"constituency\"; write the code of a place, as S12000030");
    if (!str_eq(i.kind, "authority") && !str_eq(i.kind, "sector") && !str_eq(i.kind, "school"))
        return why_set(
            why, ERR_INPUT, 0,
            "line 1: \"kind\" is one of authority, sector, school; write kind: and one of "
            "them");
    *out = i;
    return ERR_OK;
}
