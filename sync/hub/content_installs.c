/* What kiosks have of content, and why not: counted, or kiosk by kiosk. */
#include <stdlib.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/content_show.h"

enum { INSTALLS_KINDS_MAX = 10000 };
#define INSTALLS_SILENT_MS (INT64_C(86400000) * CONTENT_SILENT_DAYS)

struct installs_kind {
    const char *role, *edition, *state, *why;
    int64_t kiosks;
};

struct installs {
    const struct content_look *look;
    struct arena a;
    const struct content_role *roles;
    size_t role_count;
    struct installs_kind *kinds;
    size_t kind_count;
    bool full;
    struct table table;
};

/* ---- which of them ---- */

/* A kiosk that told of nothing has nothing of the role that is asked for. */
static const char *installs_role(const struct installs *w, const struct hub_content_kiosk *row)
{
    return row->state == NULL && w->look->role != NULL ? w->look->role : row->role;
}

static const char *installs_word(const struct hub_content_kiosk *row)
{
    return row->state != NULL ? row->state : "none";
}

/* Whether it has the newest edition that the hub holds. One that was away says «installed» of what was the newest when it was
   heard of last. */
static bool installs_newest(const struct installs *w, const struct hub_content_kiosk *row)
{
    if (strcmp(installs_word(row), "installed") != 0)
        return false;
    for (size_t i = 0; i < w->role_count; i++)
        if (strcmp(w->roles[i].role, row->role) == 0 && w->roles[i].edition[0] != '\0')
            return strcmp(w->roles[i].edition, row->edition) == 0;
    return true;
}

enum installs_by { BY_WORD, BY_LACK, BY_SILENCE };
static const struct {
    const char *word;
    enum installs_by by;
} installs_states[] = {
    { "installed", BY_WORD }, { "waiting", BY_WORD },       { "refused", BY_WORD },
    { "none", BY_WORD },      { "not-installed", BY_LACK }, { "silent", BY_SILENCE },
};

bool content_state_ok(const char *word)
{
    for (size_t i = 0; i < COUNT_OF(installs_states); i++)
        if (str_eq(installs_states[i].word, word))
            return true;
    return false;
}

static bool installs_is(const struct installs *w, const struct hub_content_kiosk *row)
{
    enum installs_by by = BY_WORD;

    for (size_t i = 0; i < COUNT_OF(installs_states); i++)
        if (str_eq(installs_states[i].word, w->look->state))
            by = installs_states[i].by;
    switch (by) {
    case BY_WORD:
        return strcmp(installs_word(row), w->look->state) == 0;
    case BY_LACK:
        return !installs_newest(w, row);
    case BY_SILENCE:
        return row->seen_ms < w->look->now_ms - INSTALLS_SILENT_MS;
    }
    return false;
}

static bool installs_sought(const struct installs *w, const struct hub_content_kiosk *row)
{
    const struct content_look *look = w->look;
    const char *role = installs_role(w, row);

    return (look->role == NULL || strcmp(look->role, role) == 0) &&
           (look->edition == NULL || strcmp(look->edition, row->edition) == 0) &&
           (look->ring == 0 || manifest_ring(row->device, role) < look->ring) &&
           (look->state == NULL || installs_is(w, row));
}

/* ---- counted ---- */

static bool installs_same(const struct installs *w, const struct installs_kind *k,
                          const struct hub_content_kiosk *row)
{
    return strcmp(k->role, installs_role(w, row)) == 0 && strcmp(k->edition, row->edition) == 0 &&
           strcmp(k->state, installs_word(row)) == 0 && strcmp(k->why, row->why) == 0;
}

/* Those that say the same follow each other. */
static bool installs_count(void *ctx, const struct hub_content_kiosk *row)
{
    struct installs *w = ctx;
    struct installs_kind *k = &w->kinds[w->kind_count];

    if (!installs_sought(w, row))
        return true;
    if (w->kind_count > 0 && installs_same(w, k - 1, row)) {
        k[-1].kiosks++;
        return true;
    }
    if (w->kind_count == INSTALLS_KINDS_MAX) {
        w->full = true;
        return false;
    }
    *k = (struct installs_kind){ .role = arena_strdup(&w->a, installs_role(w, row)),
                                 .edition = arena_strdup(&w->a, row->edition),
                                 .state = arena_strdup(&w->a, installs_word(row)),
                                 .why = arena_strdup(&w->a, row->why),
                                 .kiosks = 1 };
    w->kind_count += w->a.failed ? 0 : 1;
    return !w->a.failed;
}

/* By role, and the most kiosks first. */
static int installs_order(const void *left, const void *right)
{
    const struct installs_kind *x = left;
    const struct installs_kind *y = right;
    int by = strcmp(x->role, y->role);

    if (by == 0 && x->kiosks != y->kiosks)
        by = x->kiosks > y->kiosks ? -1 : 1;
    by = by == 0 ? strcmp(x->edition, y->edition) : by;
    by = by == 0 ? strcmp(x->state, y->state) : by;
    return by == 0 ? strcmp(x->why, y->why) : by;
}

static void installs_print(struct installs *w)
{
    if (w->kind_count > 0)
        qsort(w->kinds, w->kind_count, sizeof *w->kinds, installs_order);
    for (size_t i = 0; i < w->kind_count; i++) {
        const struct installs_kind *k = &w->kinds[i];

        table_text(&w->table, k->role);
        table_text(&w->table, k->edition);
        table_text(&w->table, k->state);
        table_int(&w->table, k->kiosks);
        table_text(&w->table, k->why);
    }
}

/* ---- kiosk by kiosk ---- */

static bool installs_each(void *ctx, const struct hub_content_kiosk *row)
{
    struct installs *w = ctx;
    const char *role = installs_role(w, row);
    char seen[CLOCK_ISO] = "never";

    if (!installs_sought(w, row))
        return true;
    if (row->seen_ms > 0)
        clock_iso(seen, row->seen_ms);
    table_text(&w->table, role);
    table_text(&w->table, row->edition);
    table_text(&w->table, installs_word(row));
    table_text(&w->table, row->site);
    table_text(&w->table, row->kiosk);
    table_text(&w->table, row->device);
    table_int(&w->table, manifest_ring(row->device, role));
    table_text(&w->table, seen);
    table_text(&w->table, row->why);
    return true;
}

static enum err installs_read(struct hubstore *s, struct installs *w, FILE *to, struct why *why)
{
    static const char *const counted[] = { "role", "edition", "state", "kiosks", "why" };
    static const char *const each[] = { "role",   "edition", "state", "site", "kiosk",
                                        "device", "ring",    "seen",  "why" };
    const struct content_look *look = w->look;
    enum err rc;

    if (look->each) {
        table_begin(&w->table, to, look->format, each, COUNT_OF(each));
        rc = hubstore_content_fleet(s, look->site, installs_each, w, why);
    } else {
        table_begin(&w->table, to, look->format, counted, COUNT_OF(counted));
        rc = hubstore_content_fleet(s, look->site, installs_count, w, why);
        if (rc == ERR_OK && w->full)
            rc = why_set(why, ERR_LIMIT, 0, "more than %d different ones; ask for one role or site",
                         INSTALLS_KINDS_MAX);
        if (rc == ERR_OK && w->a.failed)
            rc = why_set(why, ERR_NOMEM, 0, "content: no memory");
        if (rc == ERR_OK)
            installs_print(w);
    }
    enum err ended = table_end(&w->table, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

enum err content_installs(struct hubstore *s, const struct content_look *look, FILE *to,
                          struct why *why)
{
    struct installs w = { .look = look };
    struct content_role *roles = NULL;

    arena_init(&w.a, CONTENT_ARENA);
    w.kinds = arena_array(&w.a, INSTALLS_KINDS_MAX + 1, sizeof(*w.kinds));
    enum err rc = w.kinds != NULL ? content_roles(s, &w.a, &roles, &w.role_count, why)
                                  : why_set(why, ERR_NOMEM, 0, "content: no memory");
    w.roles = roles;
    if (rc == ERR_OK || rc == ERR_NOT_FOUND) /* kiosks may have what another hub gave them */
        rc = installs_read(s, &w, to, why);
    arena_done(&w.a);
    return rc;
}
