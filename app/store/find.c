#include "app/store/content_db.h"

/* Search over documents, as somebody types: which ones are asked for, and what of them is shown. How well they fit
   is find_score.c's. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/content_heads.h"
#include "app/store/find_score.h"
#include "app/store/find_show.h"
#include "platform/base/str.h"

enum { HITS_MAX = 200 };

static bool asked(const char *text)
{
    return text != NULL && text[0] != '\0';
}

/* ---- filters ---- */

static bool kind_listed(const char *list, const char *kind)
{
    size_t len = strlen(kind);

    while (*list != '\0') {
        size_t n = strcspn(list, ",");

        if (n == len && memcmp(list, kind, n) == 0)
            return true;
        list += n + (list[n] != '\0' ? 1 : 0);
    }
    return false;
}

static enum err filter_key(struct content *c, struct search *s, const char *key, const char *value,
                           struct why *why)
{
    struct db_stmt q;

    if (!asked(value))
        return ERR_OK;
    q = db_prepare(&c->db, "select place from doc_key where key = ?1 and value = ?2");
    db_bind_text(&q, 1, key);
    db_bind_text(&q, 2, value);
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place >= 0 && (size_t)place < s->x->doc_count && s->wanted[place] != 0)
            s->wanted[place] |= 2;
    }
    for (size_t i = 0; i < s->x->doc_count; i++)
        s->wanted[i] = s->wanted[i] == 3 ? 1 : 0;
    return db_end(&q, why);
}

static enum err search_filter(struct content *c, struct search *s, const struct find_ask *ask,
                              struct why *why)
{
    bool kinds[FIND_KINDS_MAX] = { false };
    enum err rc;

    for (size_t i = 0; i < s->x->kind_count; i++)
        kinds[i] = !asked(ask->kind) || kind_listed(ask->kind, s->x->kinds[i]);
    for (size_t i = 0; i < s->x->doc_count; i++)
        s->wanted[i] = s->x->docs[i].there && kinds[s->x->docs[i].kind] ? 1 : 0;
    rc = filter_key(c, s, "subject", ask->subject, why);
    if (rc == ERR_OK)
        rc = filter_key(c, s, "stage", ask->stage, why);
    return rc;
}

static enum err search_unit(struct content *c, struct search *s, struct why *why)
{
    struct db_stmt q;

    if (!s->q->has_conc)
        return ERR_OK;
    q = db_prepare(&c->db, "select place from doc_key where key = 'unit' and value = ?1");
    db_bind_text(&q, 1, strchr(s->q->conc.text, ' ') + 1);
    while (db_step(&q)) {
        int64_t place = db_i64(&q, 0);

        if (place >= 0 && (size_t)place < s->x->doc_count)
            s->of_unit[place] = 1;
    }
    return db_end(&q, why);
}

/* ---- the answer ---- */

static struct doc_hit hit_of(struct doc_head head)
{
    return (struct doc_hit){ .id = head.id,
                             .kind = head.kind,
                             .title = head.title,
                             .summary = head.summary,
                             .stages = head.stages,
                             .subjects = head.subjects,
                             .snippet = "",
                             .head = head };
}

static enum err find_all(struct content *c, const struct find_ask *ask, struct arena *a,
                         struct doc_hit *rows, size_t max, size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &c->db, "select " CONTENT_HEAD " from doc d where d.in_force = 1"
                " and (?1 = '' or instr(',' || ?1 || ',', ',' || d.kind || ',') > 0)"
                " and (?2 = '' or d.place in (select place from doc_key where key = 'subject'"
                " and value = ?2))"
                " and (?3 = '' or d.place in (select place from doc_key where key = 'stage'"
                " and value = ?3))"
                " order by d.withdrawn, (?4 <> 0 and d.hide_after <> ?5 and d.hide_after < ?4),"
                " d.title collate nocase, d.id limit ?6");
    size_t count = 0;

    db_bind_text(&q, 1, ask->kind == NULL ? "" : ask->kind);
    db_bind_text(&q, 2, ask->subject == NULL ? "" : ask->subject);
    db_bind_text(&q, 3, ask->stage == NULL ? "" : ask->stage);
    db_bind_i64(&q, 4, ask->today);
    db_bind_i64(&q, 5, CALDATE_NONE);
    db_bind_i64(&q, 6, (int64_t)max);
    while (count < max && db_step(&q))
        rows[count++] = hit_of(content_head(&q, 0, a));
    *out_count = count;
    return db_end(&q, why);
}

static enum err find_rows(struct content *c, const struct find_query *query,
                          const struct ranked *ranked, size_t count, struct arena *a,
                          struct doc_hit *rows, struct why *why)
{
    struct db_stmt q = db_prepare(&c->db, "select " CONTENT_HEAD " from doc d where d.place = ?1");
    struct db_stmt text = db_prepare(&c->db, "select source from doc_source where place = ?1");
    enum err rc;

    for (size_t i = 0; i < count; i++) {
        db_again(&q);
        db_bind_i64(&q, 1, ranked[i].place);
        if (!db_step(&q))
            break;
        rows[i] = hit_of(content_head(&q, 0, a));
        if (find_show(&rows[i], query, a))
            continue;
        db_again(&text);
        db_bind_i64(&text, 1, ranked[i].place);
        if (db_step(&text)) {
            size_t len = 0;
            const void *packed = db_blob(&text, 0, &len);

            find_show_text(&rows[i], query, packed, len, a);
        }
    }
    rc = db_end(&q, why);
    return db_end(&text, rc == ERR_OK ? why : NULL) == ERR_OK ? rc : rc == ERR_OK ? text.rc : rc;
}

static enum err find_words(struct content *c, const struct find_ask *ask, struct arena *a,
                           struct doc_hit *rows, size_t max, size_t *out_count, struct why *why)
{
    const struct find_index *x = c->find;
    struct find_query query;
    struct search s = { .x = x, .q = &query };
    struct ranked *ranked;
    struct arena work;
    enum err rc = ERR_OK;
    size_t count = 0;

    arena_init(&work, (size_t)64 * 1024 * 1024);
    s.scores = arena_array(&work, x->doc_count + 1, sizeof *s.scores);
    s.wanted = arena_array(&work, x->doc_count + 1, sizeof *s.wanted);
    s.of_unit = arena_array(&work, x->doc_count + 1, sizeof *s.of_unit);
    ranked = arena_array(&work, x->doc_count + 1, sizeof *ranked);
    if (s.scores == NULL || s.wanted == NULL || s.of_unit == NULL || ranked == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc == ERR_OK)
        rc = search_filter(c, &s, ask, why);
    if (rc == ERR_OK) {
        find_query_read(&query, ask->words, x);
        rc = search_unit(c, &s, why);
    }
    if (rc == ERR_OK) {
        count = find_score(&s, ask, ranked);
        count = count < max ? count : max;
        rc = find_rows(c, &query, ranked, count, a, rows, why);
    }
    arena_done(&work);
    *out_count = count;
    return rc;
}

enum err content_find(struct content *c, const struct find_ask *ask, struct arena *a,
                      struct doc_hit **out, size_t *out_count, struct why *why)
{
    const char *words = ask->words == NULL ? "" : ask->words;
    size_t max = ask->max < HITS_MAX ? ask->max : HITS_MAX;
    struct doc_hit *rows = arena_array(a, max + 1, sizeof *rows);
    size_t count = 0;
    enum err rc = ERR_OK;

    if (rows == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc == ERR_OK && c->db.handle != NULL && c->find == NULL)
        rc = find_index_load(&c->db, c->constituency, &c->find, why);
    if (rc == ERR_OK && c->db.handle != NULL)
        rc = words[strspn(words, " \t\n")] == '\0' ? find_all(c, ask, a, rows, max, &count, why)
                                                   : find_words(c, ask, a, rows, max, &count, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for what was found");
    if (rc != ERR_OK)
        return why_in(why, rc, "search");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

bool content_find_conc(const char *words, char *out, size_t size)
{
    struct find_query q;

    find_query_read(&q, words, NULL);
    return q.has_conc && str_copy(out, size, q.conc.text);
}
