#include "app/store/query.h"

/* People: the newest line of each, the name from the blob beside the log. */

#include <stdlib.h>
#include <string.h>

#include "app/store/order.h"
#include "app/store/query_rows.h"

enum { PEOPLE_MAX = 2000 };

/* First letters of the first and the last word; what stands in brackets is no name. */
static const char *person_initials(const char *name, struct arena *a)
{
    size_t len = strcspn(name, "(");
    size_t first = 0;
    size_t last = 0;
    bool inside = false;
    size_t words = 0;
    size_t pos;
    char out[9] = "";
    size_t n;

    for (size_t i = 0; i < len; i++) {
        if (name[i] != ' ' && !inside) {
            if (words++ == 0)
                first = i;
            last = i;
        }
        inside = name[i] != ' ';
    }
    if (words == 0)
        return "";
    pos = first;
    n = utf8_put(out, utf8_next(name, len, &pos));
    pos = last;
    if (words > 1)
        (void)utf8_put(out + n, utf8_next(name, len, &pos));
    return arena_strdup(a, out);
}

static void person_row(struct db_stmt *q, struct arena *a, struct person *out,
                       const char **out_hash)
{
    *out = (struct person){
        .id = db_text_in(q, 0, a),
        .role = db_text_in(q, 2, a),
        .has_pin = db_i64(q, 3) != 0,
    };
    *out_hash = db_text_in(q, 1, a);
}

/* Names come by a call of the log's, so after the statement has ended. */
static enum err person_name(struct store *s, struct arena *a, struct person *p, const char *hash,
                            struct why *why)
{
    enum err rc = evlog_blob_get(&s->db, hash, a, &p->name, why);

    if (rc != ERR_OK)
        return rc;
    p->initials = person_initials(p->name, a);
    return p->initials == NULL ? why_set(why, ERR_NOMEM, 0, "no room for a name") : ERR_OK;
}

static int person_compare(const void *left, const void *right)
{
    const struct person *a = left;
    const struct person *b = right;
    int by = order_natural(a->name, b->name);

    return by != 0 ? by : strcmp(a->id, b->id);
}

#define PERSON_COLUMNS                                                                             \
    "p.id, p.name_hash, p.role, exists (select 1 from local_pin l where l.person = p.id)"

enum err query_people(struct store *s, struct arena *a, struct person **out, size_t *out_count,
                      struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select " PERSON_COLUMNS ", count(*) over ()"
                                          " from person p where not exists (select 1 from"
                                          " person_erased e where e.person = p.id) limit 2000");
    struct person *rows = NULL;
    const char **hashes = NULL;
    size_t count = 0;
    enum err rc;

    while (count < PEOPLE_MAX && db_step(&q)) {
        if (count == 0) {
            size_t all = (size_t)db_i64(&q, 4);

            rows = arena_array(a, all, sizeof *rows);
            hashes = arena_array(a, all, sizeof *hashes);
            if (rows == NULL || hashes == NULL)
                break;
        }
        person_row(&q, a, &rows[count], &hashes[count]);
        count++;
    }
    rc = db_end(&q, why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        rc = person_name(s, a, &rows[i], hashes[i], why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the people");
    if (rc != ERR_OK)
        return why_in(why, rc, "list the people");
    if (count > 1)
        qsort(rows, count, sizeof *rows, person_compare);
    *out = rows;
    *out_count = count;
    return ERR_OK;
}

enum err query_person(struct store *s, const char *id, struct arena *a, struct person *out,
                      struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select " PERSON_COLUMNS " from person p where p.id = ?1");
    struct person row = { 0 };
    const char *hash = "";
    bool found;
    enum err rc;

    db_bind_text(&q, 1, id);
    found = db_step(&q);
    if (found)
        person_row(&q, a, &row, &hash);
    rc = db_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such person on this kiosk");
    if (rc == ERR_OK)
        rc = person_name(s, a, &row, hash, why);
    if (rc == ERR_OK)
        *out = row;
    return rc;
}

enum err query_erased(struct store *s, const char *person, bool *out, struct why *why)
{
    struct db_stmt q = db_prepare(&s->db, "select 1 from person_erased where person = ?1 limit 1");
    bool erased;
    enum err rc;

    db_bind_text(&q, 1, person);
    erased = db_step(&q);
    rc = db_end(&q, why);
    if (rc == ERR_OK)
        *out = erased;
    return rc;
}

enum err query_badge(struct store *s, const char *badge_code, struct arena *a, struct person *out,
                     struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select b.person from badge_now b join person p on p.id = b.person"
                           " join log_blob l on l.hash = b.code_name where l.text = ?1 limit 2");
    char code[KEYS_ID_TEXT];
    const char *person = NULL;
    bool several = false;
    enum err rc;

    keys_sha256_hex(code, badge_code, strlen(badge_code));
    db_bind_text(&q, 1, code);
    if (db_step(&q)) {
        person = db_text_in(&q, 0, a);
        several = db_step(&q);
    }
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "look the badge up");
    if (person == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "no badge in force has this code");
    /* Given to two people while kiosks were apart: signing as the wrong one is worse than not
       signing in. */
    if (several)
        return why_set(why, ERR_CONFLICT, 0,
                       "two people hold this badge; sign in by name and PIN, and issue a new one");
    return query_person(s, person, a, out, why);
}

const char *query_who(struct store *s, const char *who, struct arena *a)
{
    struct person person = { 0 };

    if (who[0] != '\0' && query_person(s, who, a, &person, NULL) == ERR_OK)
        return person.name;
    return arena_strdup(a, who);
}
