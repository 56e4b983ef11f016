#include "app/store/record_parts.h"

/* The writers of people, their badges and their competences. Of a badge neither the code nor a hash that it could be found
   by stands in a line: the blob beside the log holds the code's hash, and goes when the person's name does. */

#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/store/project.h"

static enum err record_person(struct store *s, struct clock_now now, const char *actor,
                              const char *id, const char *name, const char *role, struct why *why)
{
    char hash[KEYS_ID_TEXT];
    struct json_out j;
    struct buf body;
    enum err rc = evlog_blob_put(&s->db, name, hash, why);

    if (rc != ERR_OK)
        return rc;
    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "name", hash);
    json_out_str(&j, "role", role == NULL ? "" : role);
    rc = record_list(&s->db, "select event from person where id = ?1 and ?2 is null", id, NULL, &j,
                     why);
    json_out_end_object(&j);
    return record_made(
        s, now, rc, (struct event_draft){ .kind = "person.added", .subject = id, .actor = actor },
        &body, NULL, why);
}

enum err store_add_person(struct store *s, struct clock_now now, const char *actor,
                          const char *person_id, const char *name, const char *role,
                          char out_person[KEYS_RANDOM_ID], struct why *why)
{
    char id[KEYS_RANDOM_ID];
    enum err rc = record_text_ok("name", name, 200, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok("role", role, PROJECT_ID_MAX, false, why);
    keys_random_id(id);
    if (rc == ERR_OK && person_id != NULL && !str_copy(id, sizeof id, person_id))
        rc = why_set(why, ERR_LIMIT, 0, "the person's id is too long");
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "add the person");
    rc = record_person(s, now, actor, id, name, role, why);
    rc = store_finish(s, rc, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "add the person");
    if (out_person != NULL)
        (void)str_copy(out_person, KEYS_RANDOM_ID, id);
    return ERR_OK;
}

enum err store_issue_badge(struct store *s, struct clock_now now, const char *actor,
                           const char *person, const char *badge_code, struct why *why)
{
    char code[KEYS_ID_TEXT];
    char name[KEYS_ID_TEXT];
    struct json_out j;
    struct buf body;
    enum err rc = record_text_ok("badge", badge_code, PROJECT_LABEL_MAX, true, why);

    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "issue the badge");
    buf_init(&body, BODY_MAX);
    keys_sha256_hex(code, badge_code, strlen(badge_code));
    rc = evlog_blob_put(&s->db, code, name, why);
    if (rc == ERR_OK) {
        json_out_init(&j, &body);
        json_out_object(&j, NULL);
        json_out_str(&j, "badge", name);
        /* The person's badge before it, and whoever else had this one. */
        rc = record_list(&s->db,
                         "select event from badge_now where person = ?1 or code_name in"
                         " (select hash from log_blob where text = ?2)",
                         person, code, &j, why);
        json_out_end_object(&j);
    }
    rc = record_made(
        s, now, rc,
        (struct event_draft){ .kind = "badge.issued", .subject = person, .actor = actor }, &body,
        NULL, why);
    rc = store_finish(s, rc, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "issue the badge");
}

static enum err grant_inside(struct store *s, struct clock_now now, const char *actor,
                             const char *person, const char *code, const char *until,
                             const char *basis, struct why *why)
{
    struct json_out j;
    struct buf body;
    enum err rc;

    buf_init(&body, BODY_MAX);
    json_out_init(&j, &body);
    json_out_object(&j, NULL);
    json_out_str(&j, "code", code);
    if (until[0] != '\0')
        json_out_str(&j, "until", until);
    if (basis != NULL && basis[0] != '\0')
        json_out_str(&j, "basis", basis);
    /* Every grant of the code that nothing has replaced yet, so that no rival comes back. */
    rc = record_list(&s->db,
                     "select event from competence g where person = ?1 and code = ?2 and"
                     " not exists (select 1 from replaced r where r.replaces = g.event"
                     " and r.subject = ?1) order by hlc desc limit 32",
                     person, code, &j, why);
    json_out_end_object(&j);
    return record_made(
        s, now, rc,
        (struct event_draft){ .kind = "competence.granted", .subject = person, .actor = actor },
        &body, NULL, why);
}

enum err store_grant(struct store *s, struct clock_now now, const char *actor, const char *person,
                     const char *code, const char *until_iso, const char *basis, struct why *why)
{
    const char *until = until_iso == NULL ? "" : until_iso;
    int32_t day = CALDATE_NONE;
    enum err rc = record_text_ok("person", person, PROJECT_ID_MAX, true, why);

    if (rc == ERR_OK)
        rc = record_text_ok("competence", code, COMPETENCE_CODE_SIZE - 1, true, why);
    if (rc == ERR_OK)
        rc = record_text_ok("basis", basis, PROJECT_TEXT_MAX, false, why);
    if (rc == ERR_OK && until[0] != '\0' && !caldate_parse(until, &day))
        rc = why_set(why, ERR_INPUT, 0, "%.40s is no date; write it as 2027-06-30", until);
    if (rc == ERR_OK)
        rc = db_begin(&s->db, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "grant a competence");
    rc = store_finish(s, grant_inside(s, now, actor, person, code, until, basis, why), why);
    return rc == ERR_OK ? rc : why_in(why, rc, "grant a competence");
}
