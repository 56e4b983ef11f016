#include "app/store/content_layer.h"

#include <string.h>

#include "app/domain/issuer.h"
#include "app/store/content_over.h"
#include "platform/base/str.h"

static const char employers_prefix[] = "employers/";

/* "employers/ID/..." to ID; false for any other path. */
static bool path_employer(const char *path, char out[EMPLOYER_ID_MAX + 1])
{
    size_t len;

    if (!str_starts(path, employers_prefix))
        return false;
    path += strlen(employers_prefix);
    len = strcspn(path, "/");
    if (len == 0 || len > EMPLOYER_ID_MAX || path[len] != '/')
        return false;
    memcpy(out, path, len);
    out[len] = '\0';
    return true;
}

const struct content_employer *index_employer(const struct indexer *x, const char *path)
{
    char id[EMPLOYER_ID_MAX + 1];

    if (!path_employer(path, id))
        return NULL;
    for (const struct content_employer *e = x->employers; e != NULL; e = e->next) {
        if (str_eq(e->id, id))
            return e;
    }
    return NULL;
}

/* Whether this kiosk's people work under that employer. An independent school is its own employer, so in
   their sector the school's name decides; the sector's own content is for all of them. */
static bool employer_ours(const struct indexer *x, const struct content_employer *e)
{
    if (x->constituency[0] == '\0' || !str_eq(x->constituency, e->constituency))
        return false;
    return !str_eq(e->kind, "school") || !str_eq(e->constituency, "X-SCIS") ||
           (e->site[0] != '\0' && str_eq(e->site, x->school));
}

static const char *keep_text(struct indexer *x, const char *text)
{
    const char *copy = arena_strdup(x->keep, text);

    return copy == NULL ? "" : copy;
}

/* What screens ask of the employer whose content counts here. */
static enum err employer_row(struct indexer *x, const struct content_employer *e,
                             const struct issuer *i, struct why *why)
{
    struct db_stmt q =
        db_prepare(&x->db, "insert into employer(id, rank, name, kind, constituency, contact,"
                           " matrix, receipts) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)");

    db_bind_text(&q, 1, e->id);
    db_bind_i64(&q, 2, str_eq(e->kind, "sector") ? RANK_SECTOR : RANK_EMPLOYER);
    db_bind_text(&q, 3, e->name);
    db_bind_text(&q, 4, e->kind);
    db_bind_text(&q, 5, e->constituency);
    db_bind_text(&q, 6, i->contact);
    db_bind_i64(&q, 7, i->matrix);
    db_bind_i64(&q, 8, i->receipts);
    (void)db_step(&q);
    return db_end(&q, why);
}

enum err index_issuer(struct indexer *x, const char *path, const char *source, size_t len,
                      struct why *why)
{
    struct content_employer *e = arena_alloc(x->keep, sizeof *e);
    struct issuer i;
    enum err rc = issuer_parse(&x->a, source, len, &i, why);

    if (rc != ERR_OK)
        return rc;
    if (e == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for an employer");
    if (!path_employer(path, e->id))
        return why_set(why, ERR_INPUT, 0, "the folder's name is too long");
    e->name = keep_text(x, i.name);
    e->kind = keep_text(x, i.kind);
    e->constituency = keep_text(x, i.constituency);
    e->site = keep_text(x, i.site);
    e->taken = employer_ours(x, e);
    rc = e->taken ? employer_row(x, e, &i, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;
    e->next = x->employers;
    x->employers = e;
    return ERR_OK;
}

/* A constituency as people call it: the title of its place document. */
static const char *place_name(struct indexer *x, const char *code)
{
    struct db_stmt q = db_prepare(&x->db, "select d.title from doc_key k join doc d on"
                                          " d.place = k.place where k.key = 'code' and k.value = ?1"
                                          " and d.kind = 'place' order by d.id limit 1");
    const char *name = code;

    db_bind_text(&q, 1, code);
    if (db_step(&q))
        name = db_text_in(&q, 0, &x->a);
    if (db_end(&q, NULL) != ERR_OK || name == NULL)
        return code;
    return name;
}

void index_refusals(struct indexer *x)
{
    for (const struct content_employer *e = x->employers; e != NULL; e = e->next) {
        char text[512];

        if (e->taken)
            continue;
        /* Nobody has said yet where this kiosk belongs: there is nobody to warn. */
        if (x->constituency[0] == '\0')
            return;
        if (str_eq(x->constituency, e->constituency))
            (void)str_format(text, sizeof text, "%s's content is left out: this kiosk stands in %s",
                             e->name, x->school[0] == '\0' ? "another school" : x->school);
        else
            (void)str_format(text, sizeof text,
                             "%s's content is left out: this kiosk belongs to %s", e->name,
                             place_name(x, x->constituency));
        index_fault(x, text);
    }
}

enum err index_layer(struct indexer *x, const char *path, const struct doc *d, const char **out,
                     enum content_rank *out_rank, struct why *why)
{
    const char *kind = doc_text(d, "issuer_kind");
    const struct content_employer *e = index_employer(x, path);

    if (e != NULL) {
        *out = e->kind;
        *out_rank = str_eq(e->kind, "sector") ? RANK_SECTOR : RANK_EMPLOYER;
        return ERR_OK;
    }
    *out = kind[0] == '\0' ? "sample" : kind;
    if (str_eq(*out, "sample"))
        *out_rank = RANK_SAMPLE;
    else if (str_eq(*out, "national"))
        *out_rank = RANK_NATIONAL;
    else if (str_eq(*out, "sector"))
        *out_rank = RANK_SECTOR;
    else
        return why_set(why, ERR_INPUT, 0,
                       "issuer_kind %s: only an employer's own folder can speak for it", kind);
    return ERR_OK;
}

enum err index_settle(struct indexer *x, struct why *why)
{
    /* Ids that stand in one file only, nearly all of them, are not looked at twice: ten thousand documents have to
       be settled in no time. */
    static const char *const steps[] = {
        /* What made way for a newer revision of its own layer (doc_make_way). */
        "delete from doc_source where place in (select place from doc where rank < 0)",
        "delete from doc_key where place in (select place from doc where rank < 0)",
        "delete from doc_code where place in (select place from doc where rank < 0)",
        "delete from doc where rank < 0",
        /* An edition is made from the one before it, which had settled this in its own way. */
        "update doc set in_force = 1, overruled = 0, overrules = 0, refused = 0 where in_force = 0"
        " or overruled = 1 or overrules = 1 or refused = 1",
        "update doc set overruled = 1, in_force = 0 where id in (select id from doc group by id"
        " having count(*) > 1) and exists (select 1 from doc d where d.id = doc.id"
        " and d.rank > doc.rank and d.refused = 0)",
        "update doc set overrules = 1 where refused = 0 and id in (select id from doc group by id"
        " having count(*) > 1) and exists (select 1 from doc d where d.id = doc.id"
        " and d.rank < doc.rank and d.refused = 0)",
        /* A document may also name another one that it stands over. */
        "update doc set in_force = 0, overruled = 1 where id in (select overrides from doc where"
        " overrides <> '' and overrides <> id) and exists (select 1 from doc d where"
        " d.overrides = doc.id and d.id <> doc.id and d.rank > doc.rank and d.refused = 0)",
        ("update doc set overrules = 1 where refused = 0 and overrides <> '' and overrides <> id"
         " and exists (select 1 from doc d where d.id = doc.overrides and d.rank < doc.rank)"),
        "update doc set in_force = 0, overruled = 0 where refused = 1",
    };
    enum { CLEARING = 5 }; /* the steps before anything is compared */
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(steps) && rc == ERR_OK; i++) {
        if (i == CLEARING)
            rc = index_over_docs(x, why);
        if (rc == ERR_OK)
            rc = db_exec(&x->db, steps[i], why);
    }
    return rc == ERR_OK ? index_over_forms(x, why) : rc;
}
