#include "app/store/content_db.h"

/* What content brings beside forms and documents: calendars, nuclides, pictures; and which forms apply
   to a kind. */

#include <string.h>

#include "platform/base/str.h"

static enum err load_calendars(struct content *c, struct why *why)
{
    struct db_stmt q;
    size_t max = 0;
    enum err rc = content_count(c, "calendar", &max, why);
    enum err parsed = ERR_OK;

    if (rc != ERR_OK)
        return rc;
    c->calendars = arena_array(&c->a, max + 1, sizeof *c->calendars);
    q = db_prepare(&c->db, "select id, source from calendar order by id");
    while (c->calendars != NULL && c->calendar_count < max && parsed == ERR_OK && db_step(&q)) {
        size_t len = 0;
        const char *source = db_blob(&q, 1, &len);
        struct calendar *one = &c->calendars[c->calendar_count];

        parsed = calendar_parse(&c->a, source, len, one, why);
        one->id = db_text_in(&q, 0, &c->a);
        c->calendar_count++;
    }
    rc = db_end(&q, parsed == ERR_OK ? why : NULL);
    return parsed == ERR_OK ? rc : parsed;
}

static enum err load_nuclides(struct content *c, struct why *why)
{
    char *source = NULL;
    size_t len = 0;
    enum err rc = content_source(c, "select source from file where path = ?1", "nuclides.csv",
                                 &c->a, &source, &len, NULL);

    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    if (rc == ERR_OK)
        rc = nuclides_parse(&c->a, source, len, &c->nuclides, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "nuclides.csv");
}

enum err content_load_tables(struct content *c, struct why *why)
{
    enum err rc = load_calendars(c, why);

    return rc == ERR_OK ? load_nuclides(c, why) : rc;
}

const struct calendar *content_calendars(struct content *c, size_t *out_count)
{
    *out_count = c->calendar_count;
    return c->calendars;
}

const struct calendar *content_calendar(struct content *c, const char *id)
{
    for (size_t i = 0; i < c->calendar_count; i++) {
        if (str_eq(c->calendars[i].id, id))
            return &c->calendars[i];
    }
    return NULL;
}

const struct nuclides *content_nuclides(struct content *c)
{
    return &c->nuclides;
}

enum err content_picture_file(struct content *c, const char *name, struct arena *a,
                              const char **out, struct why *why)
{
    struct db_stmt q;
    const char *path = NULL;
    bool found;
    enum err rc;

    if (c->db.handle == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "no content has come to this kiosk yet");
    q = db_prepare(&c->db, "select path from (select f.path as path, e.rank as rank from employer e"
                           " join file f on f.path = 'employers/' || e.id || '/pictures/' || ?1"
                           " union all select path, -1 from file where path = 'pictures/' || ?1)"
                           " order by rank desc limit 1");
    db_bind_text(&q, 1, name);
    found = db_step(&q);
    if (found)
        path = db_text_in(&q, 0, a);
    rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    if (!found)
        return why_set(why, ERR_NOT_FOUND, 0, "the content has no picture %s", name);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for %s", name);
    *out = path;
    return ERR_OK;
}

enum err content_picture(struct content *c, const char *name, struct arena *a, char **out,
                         size_t *out_len, struct why *why)
{
    const char *path = NULL;
    enum err rc = content_picture_file(c, name, a, &path, why);

    if (rc == ERR_OK)
        rc = content_source(c, "select source from file where path = ?1", path, a, out, out_len,
                            why);
    return rc == ERR_OK ? rc : why_in(why, rc, "open a picture");
}

const struct form_brief *content_form_brief(struct content *c, const char *id)
{
    for (size_t i = 0; i < c->form_count; i++) {
        if (str_eq(c->forms[i].id, id))
            return &c->forms[i];
    }
    return NULL;
}

const struct form_brief *const *content_forms_for(struct content *c, const char *kind,
                                                  size_t *out_count)
{
    struct kind_forms *k = c->by_kind;

    while (k != NULL && !str_eq(k->kind, kind))
        k = k->next;
    if (k == NULL) {
        k = arena_alloc(&c->a, sizeof *k);
        if (k == NULL) {
            *out_count = 0;
            return NULL;
        }
        k->kind = arena_strdup(&c->a, kind);
        k->forms = arena_array(&c->a, c->form_count + 1, sizeof(const struct form_brief *));
        for (size_t i = 0; i < c->form_count && k->forms != NULL; i++) {
            if (form_is_for(c->forms[i].applies_to, kind))
                k->forms[k->count++] = &c->forms[i];
        }
        k->next = c->by_kind;
        c->by_kind = k;
    }
    *out_count = k->count;
    return k->forms;
}
