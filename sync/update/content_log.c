#include "sync/update/content_log.h"

#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"

enum { CONTENT_LOG_ARENA = 2 * CONTENT_LOG_BYTES_MAX };

static const char content_log_first[] =
    "0000000000000000000000000000000000000000000000000000000000000000";

struct content_log_file {
    char path[FS_PATH_MAX];
    const char *text;
    size_t len; /* of whole lines */
};

static enum err content_log_read(struct arena *a, const char *dir, const char *name,
                                 struct content_log_file *out, struct why *why)
{
    char *text = NULL;
    size_t len = 0;
    enum err rc = fs_join(out->path, dir, name, why);

    if (rc == ERR_OK)
        rc = fs_read(a, out->path, CONTENT_LOG_BYTES_MAX + CONTENT_LOG_LINE_MAX, &text, &len, why);
    if (rc == ERR_NOT_FOUND) {
        len = 0; /* none yet */
        rc = ERR_OK;
    }
    if (rc != ERR_OK)
        return rc;
    while (len > 0 && text[len - 1] != '\n')
        len--;
    out->text = text != NULL ? text : "";
    out->len = len;
    return ERR_OK;
}

/* The hash of the last line, without its line feed. */
static bool content_log_tail(const struct content_log_file *f, char out[KEYS_ID_TEXT])
{
    size_t from = f->len;

    if (f->len == 0)
        return false;
    while (from > 1 && f->text[from - 2] != '\n')
        from--;
    keys_sha256_hex(out, f->text + from - 1, f->len - from);
    return true;
}

static void content_log_write(const struct content_log_line *line, const char *prev,
                              struct buf *out)
{
    struct json_out j;

    json_out_init(&j, out);
    json_out_object(&j, NULL);
    json_out_int(&j, "v", 1);
    json_out_str(&j, "at", line->at);
    json_out_str(&j, "clock", line->trust);
    json_out_str(&j, "what", line->what);
    json_out_str(&j, "role", line->role);
    json_out_int(&j, "version", line->version);
    json_out_str(&j, "edition", line->edition);
    json_out_str(&j, "manifest", line->manifest);
    json_out_array(&j, "keys");
    for (size_t i = 0; i < CONTENT_LOG_KEYS_MAX && line->keys[i] != NULL; i++)
        json_out_str(&j, NULL, line->keys[i]);
    json_out_end_array(&j);
    json_out_str(&j, "source", line->source);
    json_out_str(&j, "prev", prev);
    json_out_end_object(&j);
    buf_char(out, '\n');
}

enum err content_log_add(const char *dir, const struct content_log_line *line, struct why *why)
{
    struct content_log_file now, before;
    char prev[KEYS_ID_TEXT];
    struct arena a;
    struct buf text;

    arena_init(&a, (size_t)CONTENT_LOG_ARENA * 2);
    buf_init(&text, CONTENT_LOG_LINE_MAX);
    (void)str_copy(prev, sizeof prev, content_log_first);
    enum err rc = content_log_read(&a, dir, "log", &now, why);
    if (rc == ERR_OK)
        rc = content_log_read(&a, dir, "log.before", &before, why);
    if (rc == ERR_OK && now.len >= CONTENT_LOG_BYTES_MAX) {
        rc = fs_move(now.path, before.path, why);
        before.text = now.text;
        before.len = now.len;
        now.len = 0;
    }
    if (rc != ERR_OK)
        goto out;
    if (!content_log_tail(&now, prev))
        (void)content_log_tail(&before, prev);
    content_log_write(line, prev, &text);
    rc = buf_done(&text, why);
    if (rc == ERR_OK)
        rc = fs_append(now.path, (int64_t)now.len, text.data, text.len, 0600, why);
out:
    buf_free(&text);
    arena_done(&a);
    return rc == ERR_OK ? rc : why_in(why, rc, "content log");
}

static void content_log_seek(struct arena *a, const struct content_log_file *f, const char *role,
                             const char *what, char out[KEYS_ID_TEXT])
{
    for (size_t at = 0; at < f->len;) {
        const struct arena_mark mark = arena_mark(a);
        const char *end = memchr(f->text + at, '\n', f->len - at);
        const size_t len = (size_t)(end - (f->text + at));
        const struct json *node = NULL;

        if (json_parse(a, f->text + at, len, CONTENT_LOG_LINE_MAX, &node, NULL) == ERR_OK &&
            str_eq(json_str(node, "role"), role) && str_eq(json_str(node, "what"), what) &&
            json_str(node, "manifest") != NULL)
            (void)str_copy(out, KEYS_ID_TEXT, json_str(node, "manifest"));
        at += len + 1;
        arena_rewind(a, mark);
    }
}

enum err content_log_last(const char *dir, const char *role, const char *what,
                          char out_manifest[KEYS_ID_TEXT], struct why *why)
{
    struct content_log_file now, before;
    struct arena a;

    arena_init(&a, (size_t)CONTENT_LOG_ARENA * 2);
    enum err rc = content_log_read(&a, dir, "log.before", &before, why);
    if (rc == ERR_OK)
        rc = content_log_read(&a, dir, "log", &now, why);
    if (rc == ERR_OK) {
        out_manifest[0] = '\0';
        content_log_seek(&a, &before, role, what, out_manifest);
        content_log_seek(&a, &now, role, what, out_manifest);
    }
    arena_done(&a);
    return rc;
}

/* prev: the hash that the first line has to name, "" any; out: that of the last. */
static enum err content_log_hold(struct arena *a, const struct content_log_file *f,
                                 char prev[KEYS_ID_TEXT], size_t *lines, struct why *why)
{
    size_t number = 0;

    for (size_t at = 0; at < f->len;) {
        const struct arena_mark mark = arena_mark(a);
        const char *end = memchr(f->text + at, '\n', f->len - at);
        const size_t len = (size_t)(end - (f->text + at));
        const struct json *node = NULL;

        number++;
        if (json_parse(a, f->text + at, len, CONTENT_LOG_LINE_MAX, &node, NULL) != ERR_OK ||
            json_str(node, "prev") == NULL)
            return why_set(why, ERR_CONFLICT, 0, "%s line %zu is not a line of it", f->path,
                           number);
        if (prev[0] != '\0' && !str_eq(json_str(node, "prev"), prev))
            return why_set(why, ERR_CONFLICT, 0,
                           "%s line %zu does not follow the one before: something was changed or "
                           "left out",
                           f->path, number);
        keys_sha256_hex(prev, f->text + at, len);
        at += len + 1;
        *lines += 1;
        arena_rewind(a, mark);
    }
    return ERR_OK;
}

enum err content_log_verify(const char *dir, size_t *out_lines, struct why *why)
{
    struct content_log_file now, before;
    char prev[KEYS_ID_TEXT] = "";
    size_t lines = 0;
    struct arena a;

    arena_init(&a, (size_t)CONTENT_LOG_ARENA * 2);
    enum err rc = content_log_read(&a, dir, "log.before", &before, why);
    if (rc == ERR_OK)
        rc = content_log_read(&a, dir, "log", &now, why);
    /* What came before log.before is gone; without one, the log has to begin at its beginning. */
    if (rc == ERR_OK && before.len == 0)
        (void)str_copy(prev, sizeof prev, content_log_first);
    if (rc == ERR_OK)
        rc = content_log_hold(&a, &before, prev, &lines, why);
    if (rc == ERR_OK)
        rc = content_log_hold(&a, &now, prev, &lines, why);
    arena_done(&a);
    if (rc == ERR_OK)
        *out_lines = lines;
    return rc;
}
