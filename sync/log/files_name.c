#include "platform/base/str.h"
#include "sync/log/carried.h"
#include "sync/log/files.h"
#include "sync/log/files_parts.h"

/* Which files lines name. */

struct name_scan {
    struct db *db;
    const char *device, *subject;
    int64_t seq;
    int64_t now_ms;
    size_t count;
    enum err rc;
    struct why *why;
};

/* A lone file in a line of a peer may claim anything; what is claimed here only says how much to ask for. */
static bool name_read(const struct json *node, const char **out_hash, enum files_type *out_type,
                      int64_t *out_bytes)
{
    const char *hash = json_str(node, "sha256");
    const int64_t bytes = json_int(node, "bytes", 0);
    enum files_type type;

    if (hash == NULL || !hex_is(hash, KEYS_ID_TEXT - 1) ||
        !files_type_from(json_str(node, "type"), &type) || bytes <= 0 ||
        bytes > (int64_t)files_type_max(type))
        return false;
    *out_hash = hash;
    *out_type = type;
    *out_bytes = bytes;
    return true;
}

static enum err name_row(struct name_scan *s, const char *hash, enum files_type type, int64_t bytes,
                         const char *name)
{
    char shown[FILES_NAME_MAX + 1];
    struct db_stmt q =
        db_prepare(s->db, "insert into log_file(hash, type, bytes, state, at_ms)"
                          " values(?1, ?2, ?3, 'named', ?4) on conflict(hash) do nothing");

    db_bind_text(&q, 1, hash);
    db_bind_text(&q, 2, files_type_name(type));
    db_bind_i64(&q, 3, bytes);
    db_bind_i64(&q, 4, s->now_ms);
    (void)db_step(&q);
    enum err rc = db_end(&q, s->why);
    if (rc != ERR_OK)
        return rc;

    (void)str_copy(shown, sizeof shown, name != NULL ? name : "");
    q = db_prepare(s->db, "insert into log_file_name(hash, device, seq, subject, name)"
                          " values(?1, ?2, ?3, ?4, ?5) on conflict(hash, device, seq) do nothing");
    db_bind_text(&q, 1, hash);
    db_bind_text(&q, 2, s->device);
    db_bind_i64(&q, 3, s->seq);
    db_bind_text(&q, 4, s->subject);
    db_bind_text(&q, 5, shown);
    (void)db_step(&q);
    return db_end(&q, s->why);
}

/* Bounded by JSON_DEPTH_MAX, which the parser held the line to. */
static void name_node(struct name_scan *s, const struct json *node)
{
    const char *hash = NULL;
    enum files_type type;
    int64_t bytes;

    if (s->rc != ERR_OK || s->count == FILES_LINE_MAX ||
        (node->type != JNODE_OBJECT && node->type != JNODE_ARRAY))
        return;
    if (name_read(node, &hash, &type, &bytes)) {
        s->count++;
        s->rc = name_row(s, hash, type, bytes, json_str(node, "name"));
        return;
    }
    for (const struct json *child = node->first; child != NULL; child = child->next)
        name_node(s, child);
}

enum err files_name(struct db *db, const struct event *e, int64_t now_ms, struct why *why)
{
    struct name_scan s = {
        .db = db,
        .device = e->device,
        .subject = e->subject,
        .seq = (int64_t)e->seq,
        .now_ms = now_ms,
        .why = why,
    };
    const struct json *inner = json_get(e->body, "line");

    /* A carried line stands for the one inside it: its files are found under that one's subject. */
    if (str_eq(e->kind, CARRIED_KIND) && json_str(inner, "device") != NULL &&
        json_str(inner, "subject") != NULL) {
        s.device = json_str(inner, "device");
        s.subject = json_str(inner, "subject");
        s.seq = json_int(inner, "seq", 0);
    }
    if (e->body != NULL)
        name_node(&s, e->body);
    return s.rc == ERR_OK ? ERR_OK : why_in(why, s.rc, "files of a line");
}

/* moved too: what the hub had of a file half sent may be gone as well; it says so when asked. */
enum err files_unconfirm(struct db *db, struct why *why)
{
    return db_exec(db,
                   "update log_file set state = 'here', moved = 0 where state = 'held';"
                   "update log_file set moved = 0 where state = 'here'",
                   why);
}
