#include "app/store/record_parts.h"

/* Somebody is to be named no longer. */

#include "app/store/project.h"

enum { ERASE_HASHES = 64 /* a line; who had more names and badges than that gets several */ };

struct erase {
    struct json_out j;
    struct buf body;
    size_t count;
};

static void erase_begin(struct erase *e, const char *reason)
{
    buf_init(&e->body, BODY_MAX);
    json_out_init(&e->j, &e->body);
    json_out_object(&e->j, NULL);
    json_out_str(&e->j, "reason", reason);
    json_out_array(&e->j, "hashes");
    e->count = 0;
}

static enum err erase_end(struct erase *e, struct store *s, struct clock_now now, const char *actor,
                          const char *person, struct why *why)
{
    json_out_end_array(&e->j);
    json_out_end_object(&e->j);
    return record_body(
        s, now, (struct event_draft){ .kind = "person.erased", .subject = person, .actor = actor },
        &e->body, NULL, why);
}

struct erase_hashes {
    char (*all)[KEYS_ID_TEXT];
    size_t count;
};

static enum err erase_gather(struct store *s, const char *person, struct arena *a,
                             struct erase_hashes *out, struct why *why)
{
    struct db_stmt q =
        db_prepare(&s->db, "select name_hash, count(*) over () from (select name_hash from"
                           " person_version where person = ?1 union select code_name from badge"
                           " where person = ?1)");

    *out = (struct erase_hashes){ .count = 0 };
    db_bind_text(&q, 1, person);
    while (db_step(&q)) {
        if (out->all == NULL)
            out->all = arena_array(a, (size_t)db_i64(&q, 1), sizeof(*out->all));
        if (out->all == NULL)
            break;
        (void)str_copy(out->all[out->count++], KEYS_ID_TEXT, db_text(&q, 0));
    }
    enum err rc = db_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the person's names");
    if (rc == ERR_OK && out->count == 0)
        rc = why_set(why, ERR_NOT_FOUND, 0, "no such person on this kiosk");
    return rc;
}

static enum err erase_lines(struct store *s, struct clock_now now, const char *actor,
                            const char *person, const char *reason, const struct erase_hashes *h,
                            struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t at = 0; at < h->count && rc == ERR_OK;) {
        struct erase e;

        erase_begin(&e, reason);
        for (; at < h->count && e.count < ERASE_HASHES; at++, e.count++)
            json_out_str(&e.j, NULL, h->all[at]);
        rc = erase_end(&e, s, now, actor, person, why);
    }
    return rc;
}

enum err store_erase_person(struct store *s, struct clock_now now, const char *actor,
                            const char *person, const char *reason, struct why *why)
{
    struct erase_hashes hashes;
    struct arena a;
    enum err rc = record_actor(actor, why);

    if (rc == ERR_OK)
        rc = record_text_ok("reason", reason, PROJECT_ID_MAX, true, why);
    arena_init(&a, 1024 * 1024);
    if (rc == ERR_OK)
        rc = erase_gather(s, person, &a, &hashes, why);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc == ERR_OK) {
        rc = erase_lines(s, now, actor, person, reason, &hashes, why);
        if (rc == ERR_OK)
            rc = store_drafts_forget(s, why);
        rc = store_finish(s, rc, why);
    }
    arena_done(&a);
    if (rc != ERR_OK)
        return why_in(why, rc, "erase the name");
    return ERR_OK;
}
