#include "app/store/content_db.h"

/* What content brings beside forms and documents: calendars, nuclides, pictures; and which forms apply
   to a kind. */

#include <string.h>
#include <unistd.h>

#include "app/store/content_index.h"
#include "platform/base/fs.h"
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

bool content_is_edition(const struct content *c)
{
    return c->edition;
}

static enum err picture_write(struct content *c, const char *full, const char *path,
                              struct why *why)
{
    char dir[FS_PATH_MAX];
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;
    enum err rc;

    (void)str_copy(dir, sizeof dir, full);
    *strrchr(dir, '/') = '\0';
    arena_init(&a, (size_t)4 * CONTENT_PICTURE_MAX);
    rc = content_source(c, "select source from file where path = ?1", path, &a, &bytes, &len, why);
    if (rc == ERR_OK)
        rc = fs_mkdirs(dir, 0700, why);
    if (rc == ERR_OK)
        rc = fs_replace(full, bytes, len, 0600, why);
    arena_done(&a);
    return rc;
}

enum err content_picture_kept(struct content *c, const char *data_dir, const char *name,
                              struct arena *a, const char **out, struct why *why)
{
    char full[FS_PATH_MAX];
    const char *path = NULL;
    const char *kept = NULL;
    const char *end = strrchr(name, '.');
    struct db_stmt q;
    enum err rc = content_picture_file(c, name, a, &path, why);

    if (rc != ERR_OK)
        return rc;
    q = db_prepare(&c->db, "select sha from edition_file where path = ?1");
    db_bind_text(&q, 1, path);
    if (db_step(&q))
        kept = arena_printf(a, "content/pictures/%s%s", db_text(&q, 0), end == NULL ? "" : end);
    rc = db_end(&q, why);
    if (rc == ERR_OK && kept == NULL)
        rc = why_set(why, ERR_NOT_FOUND, 0, "the content has no picture %s", name);
    if (rc == ERR_OK)
        rc = fs_join(full, data_dir, kept, why);
    if (rc == ERR_OK && access(full, R_OK) != 0)
        rc = picture_write(c, full, path, why);
    if (rc == ERR_OK)
        *out = kept;
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
