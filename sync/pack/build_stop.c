#include <stdlib.h>
#include <string.h>

#include "app/domain/stop.h"
#include "platform/base/json.h"
#include "sync/pack/build.h"

struct notice {
    const char *id, *source, *path;
};

static int compare_notices(const void *x, const void *y)
{
    const struct notice *a = x, *b = y;

    return strcmp(a->id, b->id);
}

/* A document that is such a notice; out->id NULL: it is none. What is wrong with a document, the lint has said. */
static enum err notice_read(struct arena *a, const char *dir, const struct manifest_file *f,
                            struct notice *out, struct why *why)
{
    struct doc doc;
    struct stop stop;
    char *text;
    enum err rc = build_file_bytes(a, dir, f, &text, why);

    if (rc != ERR_OK)
        return rc;
    *out = (struct notice){ 0 };
    if (doc_parse_front(a, text, f->len, &doc, NULL) != ERR_OK || !stop_is(&doc))
        return ERR_OK;
    rc = stop_from_doc(a, &doc, &stop, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", f->path);
    *out = (struct notice){ stop.id, text, f->path };
    return ERR_OK;
}

static enum err notices_write(struct notice *rows, size_t count, const char *role, struct buf *out,
                              struct why *why)
{
    struct json_out j;
    enum err rc;

    if (count > 1)
        qsort(rows, count, sizeof(*rows), compare_notices);
    for (size_t i = 1; i < count; i++)
        if (str_eq(rows[i - 1].id, rows[i].id))
            return why_set(why, ERR_INPUT, 0, "%s: the id is taken by %s", rows[i].path,
                           rows[i - 1].path);
    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_int(&j, "format", 1);
    json_out_str(&j, "role", role);
    json_out_array(&j, "notices");
    for (size_t i = 0; i < count; i++) {
        json_out_object(&j, NULL);
        json_out_str(&j, "id", rows[i].id);
        json_out_str(&j, "source", rows[i].source);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    json_out_end_object(&j);
    rc = buf_done(out, why);
    return rc == ERR_OK ? rc
                        : why_set(why, ERR_LIMIT, 0,
                                  "the recalls and stop notices together are larger than %d KiB",
                                  BUILD_STOP_MAX / 1024);
}

enum err build_stop(const char *dir, const char *role, const struct build_files *files,
                    struct buf *out, size_t *out_count, struct why *why)
{
    struct notice *rows;
    struct arena a;
    size_t count = 0;
    enum err rc = ERR_OK;

    arena_init(&a, BUILD_MEMORY);
    rows = arena_array(&a, BUILD_NOTICES_MAX, sizeof(*rows));
    if (rows == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "no memory for notices");
    for (size_t i = 0; rows != NULL && rc == ERR_OK && i < files->count; i++) {
        struct arena_mark mark = arena_mark(&a);
        struct notice n;

        if (!str_ends(files->rows[i].path, ".md"))
            continue;
        rc = notice_read(&a, dir, &files->rows[i], &n, why);
        if (rc == ERR_OK && n.id == NULL)
            arena_rewind(&a, mark);
        else if (rc == ERR_OK && count == BUILD_NOTICES_MAX)
            rc = why_set(why, ERR_LIMIT, 0, "more than %d recalls and stop notices in force",
                         BUILD_NOTICES_MAX);
        else if (rc == ERR_OK)
            rows[count++] = n;
    }
    if (rc == ERR_OK)
        rc = notices_write(rows, count, role, out, why);
    arena_done(&a);
    if (rc == ERR_OK)
        *out_count = count;
    return rc;
}
