/* What kiosk and hub tell each other, and what a person is told. */
#include "sync/client/content_parts.h"

#include <stdlib.h>
#include <string.h>

#include "platform/base/str.h"
#include "sync/client/state.h"

enum {
    CONTENT_TOLD_MAX = 4,   /* roles of POST /v1/status */
    CONTENT_RETURN_MAX = 5, /* tries, once the hub has asked */
};

enum err content_client_new(const struct content_client_options *o, struct db *db,
                            struct content_client **out, struct why *why)
{
    struct content_client *c = calloc(1, sizeof(*c));
    int64_t fault = 0;
    int64_t checked_ms = 0;

    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");
    (void)pthread_mutex_init(&c->run, NULL);
    (void)pthread_mutex_init(&c->lock, NULL);
    c->o = *o;
    c->dir = strdup(o->dir);
    c->device = strdup(o->device);
    c->full = true;
    enum err rc = c->dir == NULL || c->device == NULL
                      ? why_set(why, ERR_NOMEM, 0, "content: no memory")
                      : state_get_i64(db, "content.checked_ms", 0, &checked_ms, why);
    if (rc == ERR_OK)
        rc = state_get_i64(db, "content.fault", 0, &fault, why);
    if (rc != ERR_OK) {
        content_client_free(c);
        return rc;
    }
    c->checked_ms = checked_ms;
    c->kept_ms = checked_ms;
    c->any = checked_ms != 0;
    if (fault > 0 && fault < UPDATER_FAULTS)
        c->fault = (enum updater_fault)fault;
    *out = c;
    return ERR_OK;
}

void content_client_free(struct content_client *c)
{
    if (c == NULL)
        return;
    (void)pthread_mutex_destroy(&c->run);
    (void)pthread_mutex_destroy(&c->lock);
    free(c->dir);
    free(c->device);
    free(c);
}

bool content_client_place(struct content_client *c, const char *constituency, const char *school)
{
    (void)pthread_mutex_lock(&c->lock);
    const bool other = !str_eq(c->constituency, constituency) || !str_eq(c->school, school);
    (void)str_copy(c->constituency, sizeof c->constituency, constituency);
    (void)str_copy(c->school, sizeof c->school, school);
    if (other) {
        c->full = true;
        c->renew = true;
    }
    if (other && c->failures == 0)
        c->next_ms = 0;
    (void)pthread_mutex_unlock(&c->lock);
    return other;
}

bool content_client_constituency(struct content_client *c, const char *constituency)
{
    char school[CONTENT_PLACE_MAX];

    (void)pthread_mutex_lock(&c->lock);
    (void)str_copy(school, sizeof school, c->school);
    (void)pthread_mutex_unlock(&c->lock);
    return content_client_place(c, constituency, school);
}

bool content_client_wants(struct content_client *c)
{
    (void)pthread_mutex_lock(&c->lock);
    const bool full = c->full;
    (void)pthread_mutex_unlock(&c->lock);
    return full;
}

/* The report as of now: an edition is switched to, or taken back, without a run. */
static void content_settle(struct content_client *c, struct updater_report *out)
{
    struct updater_installed now = { .count = 0 };
    const bool known = c->o.installed(c->o.ctx, &now, NULL) == ERR_OK;

    (void)pthread_mutex_lock(&c->lock);
    if (known)
        updater_settle(&c->report, &now);
    *out = c->report;
    (void)pthread_mutex_unlock(&c->lock);
    /* Before the first run of this program: what is in use, all the same. */
    for (size_t i = 0; known && out->count == 0 && i < now.count; i++) {
        struct updater_role *row = &out->roles[i];

        *row = (struct updater_role){ .state = UPDATER_INSTALLED };
        (void)str_copy(row->role, sizeof row->role, now.roles[i].role);
        (void)str_copy(row->edition, sizeof row->edition, now.roles[i].edition);
        if (i + 1 == now.count)
            out->count = now.count;
    }
}

static bool content_damaged(struct content_client *c)
{
    return c->o.damaged != NULL && c->o.damaged(c->o.ctx);
}

/* How it stands with a role's newest edition. What could not be fetched to its end is on its way and refused by nobody, and what
   is refused says why. */
static const char *tell_state(const struct updater_role *row, bool damaged, const char **out_why)
{
    static const char *const states[] = {
        [UPDATER_INSTALLED] = "installed",
        [UPDATER_WAITING] = "waiting",
        [UPDATER_STAYED] = "refused",
    };
    const bool late = row->state == UPDATER_STAYED && row->fault == UPDATER_UNREACHED;

    *out_why = row->why;
    if (damaged)
        *out_why = "damaged on its card, and being made again (S-517)";
    else if (row->state == UPDATER_STAYED && row->why[0] == '\0')
        *out_why = content_fault_text(row->fault)->what;
    return states[damaged || late ? UPDATER_WAITING : row->state];
}

void content_client_status(struct content_client *c, struct json_out *j)
{
    struct updater_report *report = calloc(1, sizeof *report);

    if (report == NULL)
        return;
    content_settle(c, report);
    const bool damaged = content_damaged(c);
    json_out_array(j, "content");
    for (size_t i = 0; i < report->count && i < CONTENT_TOLD_MAX; i++) {
        const struct updater_role *row = &report->roles[i];
        const char *why = "";

        json_out_object(j, NULL);
        json_out_str(j, "role", row->role);
        json_out_str(j, "edition", row->edition);
        json_out_int(j, "version", row->version);
        json_out_str(j, "state", tell_state(row, damaged, &why));
        json_out_str(j, "why", why);
        json_out_end_object(j);
    }
    json_out_end_array(j);
    free(report);
}

void content_client_told(struct content_client *c, const struct json *answer)
{
    const struct json *content = json_get(answer, "content");
    const struct json *hold = json_get(content, "hold");
    struct content_hold holds[UPDATER_ROLES_MAX] = { { .percent = 0 } };
    size_t count = 0;

    for (const struct json *n = hold != NULL && hold->type == JNODE_OBJECT ? hold->first : NULL;
         n != NULL && count < UPDATER_ROLES_MAX; n = n->next) {
        if (n->type != JNODE_INT || n->integer < 0 || n->integer > 100 ||
            !str_copy(holds[count].role, sizeof holds[count].role, n->key))
            continue;
        holds[count++].percent = (int)n->integer;
    }
    (void)pthread_mutex_lock(&c->lock);
    const int64_t told = json_int(content, "timestamp", 0);
    /* It was silent until now, and was asked seldom for that. */
    if (c->told == 0 && told != 0)
        c->next_ms = 0;
    c->told = told;
    if (json_get(content, "wants") != NULL)
        c->wanted = CONTENT_RETURN_MAX;
    if (count != c->hold_count || memcmp(holds, c->holds, sizeof holds) != 0)
        c->full = true;
    memcpy(c->holds, holds, sizeof holds);
    c->hold_count = count;
    (void)pthread_mutex_unlock(&c->lock);
}

void content_client_view(struct content_client *c, struct content_view *out)
{
    *out = (struct content_view){ .any = false };
    struct updater_report *report = calloc(1, sizeof *report);

    if (report != NULL)
        content_settle(c, report);
    out->damaged = content_damaged(c);
    bool before = false;
    for (size_t i = 0; report != NULL && i < report->count; i++)
        before = before || report->roles[i].edition[0] != '\0';
    (void)pthread_mutex_lock(&c->lock);
    const struct fault_text *t =
        out->damaged ? content_damaged_text(before) : content_fault_text(c->fault);
    out->any = c->any || out->damaged || c->fault != UPDATER_FINE;
    out->checked_ms = c->checked_ms;
    out->done = c->done;
    out->all = c->all;
    out->making = c->renew;
    (void)str_copy(out->why, sizeof out->why, c->why);
    (void)pthread_mutex_unlock(&c->lock);
    out->what = t->what;
    out->means = t->means;
    out->todo = t->todo;
    out->code = t->code;
    if (report == NULL)
        return;
    out->count = report->count;
    memcpy(out->roles, report->roles, sizeof out->roles);
    for (size_t i = 0; i < report->count; i++) {
        if (!str_eq(report->roles[i].role, "national"))
            continue;
        (void)str_copy(out->edition, sizeof out->edition, report->roles[i].edition);
        if (!str_eq(report->roles[i].newest, report->roles[i].edition))
            (void)str_copy(out->newest, sizeof out->newest, report->roles[i].newest);
    }
    out->any = out->any || report->count > 0;
    free(report);
}
