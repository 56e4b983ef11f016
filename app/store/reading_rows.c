#include "app/store/reading_rows.h"

#include <string.h>

#include "app/store/query_rows.h"

enum { ROWS_ARENA_MAX = 16 * 1024 * 1024, NAME_MIN = 5 };

/* ---- versions ---- */

static const char version_sql[] =
    "select v.event, v.adaptation, v.actor, v.doc, v.at_ms, v.trust, v.effect, v.needs, v.until,"
    " v.prep, v.replaces, v.hlc, v.device, v.seq,"
    " (select p.actor from adaptation_approved p where p.target = v.event"
    " order by p.hlc, p.event limit 1),"
    " (select p.at_ms from adaptation_approved p where p.target = v.event"
    " order by p.hlc, p.event limit 1),"
    " exists (select 1 from adaptation_mark m where m.target = v.event and m.mark = 'declined'"
    " and m.actor <> v.actor),"
    " exists (select 1 from adaptation_mark m where m.target = v.event and m.mark = 'withdrawn'),"
    " (select m.actor from adaptation_mark m where m.target = v.event and (m.mark = 'withdrawn'"
    " or (m.mark = 'declined' and m.actor <> v.actor)) order by m.hlc desc, m.event limit 1),"
    " (select m.why from adaptation_mark m where m.target = v.event and (m.mark = 'withdrawn'"
    " or (m.mark = 'declined' and m.actor <> v.actor)) order by m.hlc desc, m.event limit 1)"
    " from adaptation v where v.adaptation in (select x.adaptation from adaptation x"
    " where (?1 = '' or x.doc = ?1) and (?2 = '' or x.adaptation = ?2)"
    " and (?3 = '' or x.event = ?3)) order by v.adaptation, v.hlc, v.device, v.seq";

/* Ids with a blank between them, as the projection keeps them. */
static void version_replaces(struct arena *a, const char *ids, struct adapt_version *v)
{
    const char **all = arena_array(a, strlen(ids) / 2 + 1, sizeof *all);

    while (all != NULL && *ids != '\0') {
        size_t len = strcspn(ids, " ");

        all[v->replaces_count] = arena_strndup(a, ids, len);
        if (all[v->replaces_count] == NULL)
            return;
        v->replaces_count++;
        ids += len + (ids[len] == ' ' ? 1 : 0);
    }
    v->replaces = all;
}

static enum err version_read(struct db_stmt *q, struct arena *a, void *row, struct why *why)
{
    struct version_row *out = row;

    (void)why;
    *out = (struct version_row){ .id = db_text_in(q, 1, a),
                                 .author = db_text_in(q, 2, a),
                                 .doc = db_text_in(q, 3, a),
                                 .signed_ms = db_i64(q, 4),
                                 .trust = (enum clock_trust)db_i64(q, 5),
                                 .effect = (enum adapt_effect)db_i64(q, 6),
                                 .until = (int32_t)db_i64(q, 8),
                                 .prep = db_i64(q, 9) != 0,
                                 .approver = db_text_in(q, 14, a),
                                 .approved_ms = db_i64(q, 15),
                                 .ended_by = db_text_in(q, 18, a),
                                 .ended_why = db_text_in(q, 19, a) };
    out->v = (struct adapt_version){ .event = db_text_in(q, 0, a),
                                     .hlc = db_text_in(q, 11, a),
                                     .device = db_text_in(q, 12, a),
                                     .seq = (uint64_t)db_i64(q, 13),
                                     .needs_approval = db_i64(q, 7) != 0,
                                     .approved = !db_null(q, 14),
                                     .declined = db_i64(q, 16) != 0,
                                     .withdrawn = db_i64(q, 17) != 0 };
    version_replaces(a, db_text(q, 10), &out->v);
    return ERR_OK;
}

/* Versions of one adaptation stand together. */
static enum err version_states(struct arena *a, struct version_row *rows, size_t count,
                               struct why *why)
{
    struct adapt_version *v = arena_array(a, count + 1, sizeof *v);

    if (v == NULL || a->failed)
        return why_set(why, ERR_NOMEM, 0, "no room for the adaptations");
    for (size_t i = 0; i < count; i++)
        v[i] = rows[i].v;
    for (size_t from = 0; from < count;) {
        size_t to = from + 1;

        while (to < count && str_eq(rows[to].id, rows[from].id))
            to++;
        for (size_t i = from; i < to; i++)
            rows[i].state = adapt_state_of(&v[from], to - from, i - from);
        from = to;
    }
    return ERR_OK;
}

enum err version_rows(struct store *s, struct version_ask ask, struct arena *a,
                      struct version_row **out, size_t *out_count, struct why *why)
{
    static const struct rows_of of = { "the adaptations", sizeof(struct version_row),
                                       VERSION_ROWS_MAX + 1, version_read };
    struct db_stmt q = db_prepare(&s->db, version_sql);
    void *rows = NULL;
    size_t count = 0;
    enum err rc;

    db_bind_text(&q, 1, ask.doc != NULL ? ask.doc : "");
    db_bind_text(&q, 2, ask.id != NULL ? ask.id : "");
    db_bind_text(&q, 3, ask.event != NULL ? ask.event : "");
    rc = rows_read(&q, &of, a, &rows, &count, why);
    if (rc == ERR_OK && count > VERSION_ROWS_MAX)
        rc = why_set(why, ERR_LIMIT, 0,
                     "more than %d versions of copies: open one assessment to see its own",
                     VERSION_ROWS_MAX);
    if (rc == ERR_OK)
        rc = version_states(a, rows, count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "read the adaptations");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err version_one(struct store *s, const char *event, struct arena *a, struct version_row *out,
                     struct why *why)
{
    struct version_row *rows = NULL;
    size_t count = 0;
    enum err rc = event[0] == '\0' ? ERR_OK
                                   : version_rows(s, (struct version_ask){ .event = event }, a,
                                                  &rows, &count, why);

    if (rc != ERR_OK)
        return rc;
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(rows[i].v.event, event))
            continue;
        *out = rows[i];
        return ERR_OK;
    }
    return why_set(why, ERR_NOT_FOUND, 0, "no such adaptation on this kiosk");
}

/* ---- bodies ---- */

static void copy_words(struct arena *a, const char *const *words, size_t count, const char ***out)
{
    const char **more = arena_array(a, count + 1, sizeof *more);

    for (size_t i = 0; more != NULL && i < count; i++)
        more[i] = arena_strdup(a, words[i]);
    *out = more;
}

static bool copy_lines(struct arena *a, struct adapt_lines from, struct adapt_lines base,
                       struct adapt_lines *out)
{
    struct adapt_line *lines = arena_array(a, from.count + 1, sizeof *lines);

    for (size_t i = 0; lines != NULL && i < from.count; i++) {
        const struct adapt_line *same = adapt_line_of(base, from.line[i].path);

        lines[i] = from.line[i];
        lines[i].path = same != NULL ? same->path : arena_strdup(a, from.line[i].path);
        lines[i].unit = same != NULL && str_eq(same->unit, from.line[i].unit)
                            ? same->unit
                            : arena_strdup(a, from.line[i].unit);
        lines[i].text = same != NULL && str_eq(same->text, from.line[i].text)
                            ? same->text
                            : arena_strdup(a, from.line[i].text);
    }
    *out = (struct adapt_lines){ .line = lines, .count = from.count };
    return lines != NULL && !a->failed;
}

enum err adaptation_copy(struct arena *a, const struct adaptation *x, struct adaptation *out,
                         struct why *why)
{
    struct adaptation to = *x;
    bool copied;

    to.model = arena_strdup(a, x->model);
    to.title = arena_strdup(a, x->title);
    to.issuer = arena_strdup(a, x->issuer);
    to.class_name = arena_strdup(a, x->class_name);
    to.stage = arena_strdup(a, x->stage);
    to.note = arena_strdup(a, x->note);
    copy_words(a, x->ticks, x->tick_count, &to.ticks);
    copy_words(a, x->rooms, x->room_count, &to.rooms);
    copied = copy_lines(a, x->base, (struct adapt_lines){ 0 }, &to.base) &&
             copy_lines(a, x->mine, to.base, &to.mine);
    if (!copied || a->failed)
        return why_set(why, ERR_NOMEM, 0, "no room for an adaptation");
    *out = to;
    return ERR_OK;
}

enum err version_body(struct store *s, const char *event, struct arena *a, struct adaptation *out,
                      struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select body from adaptation where event = ?1");
    const struct json *body = NULL;
    const char *text = NULL;
    struct adaptation x;
    struct arena scratch;
    enum err rc;

    arena_init(&scratch, ROWS_ARENA_MAX);
    db_bind_text(&q, 1, event);
    if (db_step(&q))
        text = db_text_in(&q, 0, &scratch);
    rc = db_end(&q, why);
    if (rc == ERR_OK && text == NULL)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such adaptation on this kiosk");
    if (rc == ERR_OK)
        /* why_set never gives ERR_OK. NOLINTNEXTLINE(clang-analyzer-core.NonNullParamChecker) */
        rc = json_parse(&scratch, text, strlen(text), EVENT_LINE_MAX, &body, why);
    if (rc == ERR_OK)
        rc = adapt_from_json(&scratch, body, &x, why);
    if (rc == ERR_OK)
        rc = adaptation_copy(a, &x, out, why);
    arena_done(&scratch);
    return rc == ERR_OK ? rc : why_in(why, rc, "read an adaptation");
}

/* ---- names ---- */

static char lower(char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c - 'A' + 'a');
    return c;
}

static bool text_holds(const char *text, const char *name, size_t len)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;

        while (i < len && text[i] != '\0' && lower(text[i]) == lower(name[i]))
            i++;
        if (i == len)
            return true;
    }
    return false;
}

/* Only whole names of two words: a surname alone may be a word. What stands in brackets is no name. */
enum err reading_no_names(struct store *s, const char *const *texts, size_t count, struct why *why)
{
    struct person *people = NULL;
    size_t people_count = 0;
    struct arena a;
    enum err rc;

    arena_init(&a, ROWS_ARENA_MAX);
    rc = query_people(s, &a, &people, &people_count, why);
    for (size_t i = 0; i < people_count && rc == ERR_OK; i++) {
        size_t len = strcspn(people[i].name, "(");

        while (len > 0 && people[i].name[len - 1] == ' ')
            len--;
        if (len < NAME_MIN || memchr(people[i].name, ' ', len) == NULL)
            continue;
        for (size_t k = 0; k < count && rc == ERR_OK; k++) {
            if (texts[k] != NULL && text_holds(texts[k], people[i].name, len))
                rc = why_set(why, ERR_INPUT, 0,
                             "Leave names out: what is signed here is kept for good");
        }
    }
    arena_done(&a);
    return rc;
}
