#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/content.h"

/* Whether what the hub holds of content is what its names and its signatures say. A file that is not is worse than one that is
   missing: the hub would take no other in its place. */

enum { VERIFY_NAMES = 200 };

struct verify {
    struct hubstore *s;
    hub_file_tell tell;
    void *ctx;
    struct arena a;     /* one file */
    struct arena names; /* a list of them */
    uint64_t files, faults;
    struct hub_meta *metas;
    size_t count;
};

static void verify_fault(struct verify *v, const char *what, const char *of)
{
    char text[300];

    v->faults++;
    (void)str_format(text, sizeof(text), "content: %.200s: %.80s", what, of);
    if (v->tell != NULL)
        v->tell(v->ctx, text);
}

static enum err verify_file(struct verify *v, const char *name, struct why *why)
{
    struct content_put p = { .a = &v->a, .again = true };
    struct why said = { 0 };

    arena_reset(&v->a);
    v->files++;
    enum err rc = hubstore_content_file(v->s, name, &v->a, &p.body, &p.len, why);
    if (rc != ERR_OK)
        return rc;
    if (!content_name_read(name, &p.name)) {
        verify_fault(v, name, "it is no file of a repository");
        return ERR_OK;
    }
    rc = content_file_look(v->s, &p, &said);
    if (rc != ERR_OK)
        verify_fault(v, name, said.text);
    else if (p.answer != CONTENT_COUNTS)
        verify_fault(v, name, p.reason.text);
    return ERR_OK;
}

static enum err verify_files(struct verify *v, struct why *why)
{
    char after[CONTENT_NAME] = "";
    const char **names = NULL;
    size_t count = VERIFY_NAMES;
    enum err rc = ERR_OK;

    while (rc == ERR_OK && count == VERIFY_NAMES) {
        arena_reset(&v->names);
        rc = hubstore_content_names(v->s, after, VERIFY_NAMES, &v->names, &names, &count, why);
        for (size_t i = 0; rc == ERR_OK && i < count; i++) {
            rc = verify_file(v, names[i], why);
            (void)str_copy(after, sizeof(after), names[i]);
        }
    }
    return rc;
}

static bool verify_list(void *ctx, const struct hub_meta *m)
{
    struct verify *v = ctx;

    v->metas[v->count++] = *m;
    return true;
}

/* Whether it can be read, and nothing of what it names is missing. */
static enum err verify_role(struct verify *v, const struct hub_meta *m, struct why *why)
{
    struct hub_meta row;
    struct tuf_meta meta;
    struct why said = { 0 };
    const char **missing = NULL;
    size_t count = 0;

    arena_reset(&v->a);
    if (content_standing(v->s, m->role, content_kind_of(m->role), NULL, &v->a, &row, &meta,
                         &said) != ERR_OK)
        verify_fault(v, m->role, said.text);
    enum err rc =
        hubstore_content_missing(v->s, m->role, m->version, 1, &v->a, &missing, &count, why);
    if (rc == ERR_OK && count > 0)
        verify_fault(v, missing[0], "it is missing");
    return rc;
}

enum err content_verify(struct hubstore *s, hub_file_tell tell, void *ctx, uint64_t *out_files,
                        uint64_t *out_faults, struct why *why)
{
    struct verify v = { .s = s, .tell = tell, .ctx = ctx };
    struct arena list;

    arena_init(&v.a, CONTENT_ARENA);
    arena_init(&v.names, CONTENT_ARENA);
    arena_init(&list, CONTENT_ARENA);
    v.metas = arena_array(&list, HUB_CONTENT_ROLES_MAX, sizeof(*v.metas));
    enum err rc = v.metas != NULL ? hubstore_content_metas(s, verify_list, &v, why)
                                  : why_set(why, ERR_NOMEM, 0, "no memory");
    for (size_t i = 0; i < v.count && rc == ERR_OK; i++)
        rc = verify_role(&v, &v.metas[i], why);
    if (rc == ERR_OK)
        rc = verify_files(&v, why);
    arena_done(&list);
    arena_done(&v.names);
    arena_done(&v.a);
    if (rc != ERR_OK)
        return why_in(why, rc, "verify content");
    *out_files = v.files;
    *out_faults = v.faults;
    return ERR_OK;
}
