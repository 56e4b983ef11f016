#include <string.h>

#include "app/domain/form.h"
#include "app/store/letters.h"
#include "app/store/local.h"
#include "app/store/store.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

/* A draft is a row for the form being filled in and a row for each answer. Every answer is its own
   committed transaction: a power cut a moment later costs nothing that a finger has typed. Tables and views: local.c. */

enum { DRAFTS_MAX = 200, DRAFT_FIELDS_MAX = 2000 };

void store_draft_version(const struct form *f, char out[STORE_DRAFT_VERSION])
{
    char hash[KEYS_ID_TEXT];

    (void)str_copy(out, STORE_DRAFT_VERSION, f->version);
    if (f->issuer == NULL || f->issuer[0] == '\0')
        return;
    keys_sha256_hex(hash, f->issuer, strlen(f->issuer));
    (void)str_format(out, STORE_DRAFT_VERSION, "%.64s@%.8s", f->version, hash);
}

/* An answer is put into memory first, from where all that is there goes to the disk: what a full disk refuses stands in the
   draft all the same for whoever reads it, and the next save takes it along. */
static enum err draft_hold(struct db *db, int64_t now_ms, const struct draft *d, const char *field,
                           const char *value, struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "insert or replace into temp.unsaved(item, form, person, version, at_ms, field, value)"
            " values (?1, ?2, ?3, ?4, ?5, ?6, ?7)");

    db_bind_text(&q, 1, d->item);
    db_bind_text(&q, 2, d->form);
    db_bind_text(&q, 3, d->person);
    db_bind_text(&q, 4, d->form_version);
    db_bind_i64(&q, 5, now_ms);
    db_bind_text(&q, 6, field);
    db_bind_text(&q, 7, value);
    (void)db_step(&q);
    return db_end(&q, why);
}

static enum err drafts_run(struct db *db, const char *const *steps, size_t count, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        rc = db_run(db, why, steps[i], NULL);
    return rc;
}

/* An erasure that the worker took in reaches what is on the disk, and not this connection's memory. */
static enum err drafts_forget(struct db *db, struct why *why)
{
    static const char *const steps[] = {
        "delete from temp.unsaved where (item, form) in (select item, form from temp.unsaved_draft"
        " where person in (select person from person_erased))",
        "delete from temp.unsaved_adaptation where person in (select person from person_erased)",
    };

    return drafts_run(db, steps, COUNT_OF(steps), why);
}

enum err store_drafts_forget(struct store *s, struct why *why)
{
    enum err rc = s->unsaved ? drafts_forget(&s->db, why) : ERR_OK;

    return rc == ERR_OK ? rc : why_in(why, rc, "forget what is not saved");
}

/* The version is the one that the draft was begun with: its answers belong to those rows. */
static enum err drafts_save_held(struct db *db, struct why *why)
{
    static const char *const steps[] = {
        "insert into local_draft(item, form, person, version, started_ms, saved_ms)"
        " select item, form, person, version, started_ms, saved_ms from temp.unsaved_draft where 1"
        " on conflict (item, form) do update set"
        "  person = iif(excluded.person <> '', excluded.person, person),"
        "  saved_ms = excluded.saved_ms",
        "delete from local_draft_answer where (item, form, field) in"
        " (select item, form, field from temp.unsaved where value is null)",
        "insert or replace into local_draft_answer(item, form, field, value)"
        " select item, form, field, value from temp.unsaved where value is not null",
        "delete from temp.unsaved",
        "insert or replace into local_adaptation(person, doc, id, saved_ms, body)"
        " select person, doc, id, saved_ms, body from temp.unsaved_adaptation",
        "delete from temp.unsaved_adaptation",
    };
    enum err rc = drafts_forget(db, why);

    return rc == ERR_OK ? drafts_run(db, steps, COUNT_OF(steps), why) : rc;
}

enum err store_drafts_save(struct store *s, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = db_finish(&s->db, drafts_save_held(&s->db, why), why);
    s->unsaved = rc != ERR_OK;
    return rc == ERR_OK ? rc : why_in(why, rc, "save the answer");
}

enum err store_draft_put_all(struct store *s, struct clock_now now, const char *person,
                             const char *item, const char *form, const char *version,
                             const struct fact *answers, size_t count, struct why *why)
{
    const struct draft head = { .item = item,
                                .form = form,
                                .person = person == NULL ? "" : person,
                                .form_version = version == NULL ? "" : version };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = draft_hold(&s->db, now.wall_ms, &head, answers[i].key, answers[i].value, why);
    return rc == ERR_OK ? store_drafts_save(s, why) : why_in(why, rc, "save the answer");
}

enum err store_draft_put(struct store *s, struct clock_now now, const char *person,
                         const char *item, const char *form, const char *version, const char *field,
                         const char *value, struct why *why)
{
    const struct fact answer = { field, value };

    return store_draft_put_all(s, now, person, item, form, version, &answer, 1, why);
}

static void draft_row(struct db_stmt *q, struct arena *a, struct draft *d)
{
    *d = (struct draft){
        .item = db_text_in(q, 0, a),
        .form = db_text_in(q, 1, a),
        .person = db_text_in(q, 2, a),
        .form_version = db_text_in(q, 3, a),
        .started_ms = db_i64(q, 4),
        .saved_ms = db_i64(q, 5),
    };
}

static enum err draft_answers(struct db *db, struct arena *a, struct draft *d, struct why *why)
{
    struct db_stmt q = db_prepare(db, "select field, value, count(*) over () from draft_answer"
                                      " where item = ?1 and form = ?2 order by field limit 2000");

    db_bind_text(&q, 1, d->item);
    db_bind_text(&q, 2, d->form);
    while (!a->failed && d->count < DRAFT_FIELDS_MAX && db_step(&q)) {
        if (d->count == 0) {
            size_t all = (size_t)db_i64(&q, 2);

            d->fields = arena_array(a, all, sizeof *d->fields);
            d->values = arena_array(a, all, sizeof *d->values);
            if (d->fields == NULL || d->values == NULL)
                break;
        }
        d->fields[d->count] = db_text_in(&q, 0, a);
        d->values[d->count] = db_text_in(&q, 1, a);
        d->count++;
    }
    return db_end(&q, why);
}

enum err store_draft_get(struct store *s, const char *item, const char *form, struct arena *a,
                         struct draft *out, bool *out_found, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select item, form, person, version, started_ms, saved_ms from draft"
                           " where item = ?1 and form = ?2");
    struct draft d = { 0 };
    bool found;
    enum err rc;

    db_bind_text(&q, 1, item);
    db_bind_text(&q, 2, form);
    found = db_step(&q);
    if (found)
        draft_row(&q, a, &d);
    rc = db_end(&q, why);
    if (rc == ERR_OK && found)
        rc = draft_answers(&s->db, a, &d, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room to read");
    if (rc != ERR_OK)
        return why_in(why, rc, "read the draft");
    *out_found = found;
    if (found)
        *out = d;
    return ERR_OK;
}

static enum err draft_rows(struct store *s, struct db_stmt *q, struct arena *a, struct draft **out,
                           size_t *out_count, struct why *why)
{
    struct draft *rows = arena_array(a, DRAFTS_MAX, sizeof *rows);
    size_t count = 0;
    enum err rc;

    while (rows != NULL && count < DRAFTS_MAX && db_step(q))
        draft_row(q, a, &rows[count++]);
    rc = db_end(q, why);
    for (size_t i = 0; i < count && rc == ERR_OK && !a->failed; i++)
        rc = draft_answers(&s->db, a, &rows[i], why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room to read");
    if (rc != ERR_OK)
        return why_in(why, rc, "list the drafts");
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

/* A letter that is being written is its writer's, and no check that was begun. */
enum err store_draft_list(struct store *s, struct arena *a, struct draft **out, size_t *out_count,
                          struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select item, form, person, version, started_ms, saved_ms from draft"
                " where item not glob 'letter:*' order by saved_ms desc, item, form limit 200");

    return draft_rows(s, &q, a, out, out_count, why);
}

enum err store_letter_drafts(struct store *s, const char *person, struct arena *a,
                             struct draft **out, size_t *out_count, struct why *why)
{
    struct db_stmt q = db_prepare(
        &s->db, "select item, form, person, version, started_ms, saved_ms from draft"
                " where item glob 'letter:*' and form <> '" LETTER_ANSWER_FORM "' and person = ?1"
                " order by saved_ms desc, item, form limit 200");

    db_bind_text(&q, 1, person);
    return draft_rows(s, &q, a, out, out_count, why);
}

enum err local_draft_drop(struct db *db, const char *item, const char *form, struct why *why)
{
    enum err rc = db_run(db, why, "delete from local_draft_answer where item = ?1 and form = ?2",
                         item, form, NULL);

    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from local_draft where item = ?1 and form = ?2", item, form,
                    NULL);
    if (rc == ERR_OK)
        rc = db_run(db, why, "delete from temp.unsaved where item = ?1 and form = ?2", item, form,
                    NULL);
    return rc;
}

enum err store_draft_drop(struct store *s, const char *item, const char *form, struct why *why)
{
    enum err rc = db_begin(&s->db, why);

    if (rc == ERR_OK)
        rc = db_finish(&s->db, local_draft_drop(&s->db, item, form, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "drop the draft");
}
