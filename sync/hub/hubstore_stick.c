#include "sync/hub/hubstore_stick.h"

#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/hubstore_parts.h"

enum err hubstore_site(struct hubstore *s, const char *id, const char *name, struct hub_site *out,
                       struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, id != NULL ? "select id, name, voice, next_no - 1, (select value from hub_meta"
                             " where key = 'epoch') from site where id = $1"
                           : "select id, name, voice, next_no - 1, (select value from hub_meta"
                             " where key = 'epoch') from site where name = $1");
    struct hub_site site = { .last = 0 };
    bool found;

    sql_bind_text(&q, 1, id != NULL ? id : name);
    found = sql_step(&q);
    if (found) {
        (void)str_copy(site.at.site, sizeof(site.at.site), sql_text(&q, 0));
        (void)str_copy(site.at.site_name, sizeof(site.at.site_name), sql_text(&q, 1));
        (void)str_copy(site.at.voice, sizeof(site.at.voice), sql_text(&q, 2));
        site.last = (uint64_t)sql_i64(&q, 3);
        (void)str_copy(site.at.epoch, sizeof(site.at.epoch), sql_text(&q, 4));
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && !found)
        rc = why_set(why, ERR_NOT_FOUND, 0, "there is no site %s%s", id != NULL ? "" : "named ",
                     id != NULL ? id : name);
    if (rc == ERR_OK)
        *out = site;
    return rc;
}

enum err hubstore_standing(struct hubstore *s, const char *site, const char *device,
                           enum hub_standing *out, struct why *why)
{
    enum hub_standing is = HUB_STRANGER;
    struct sql_stmt q =
        sql_prepare(s->sql, "select owner.site, coalesce(device.revoked_ms, -1) from owner"
                            " left join device on device.site = owner.site"
                            " and device.id = owner.device where owner.device = $1");

    sql_bind_text(&q, 1, device);
    if (sql_step(&q)) {
        if (strcmp(sql_text(&q, 0), site) != 0)
            is = HUB_ELSEWHERE;
        else if (sql_i64(&q, 1) < 0)
            is = HUB_KNOWN;
        else
            is = sql_i64(&q, 1) == 0 ? HUB_BELONGS : HUB_REVOKED;
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK)
        *out = is;
    return rc;
}

enum err hubstore_kiosks(struct hubstore *s, const char *site, struct arena *a,
                         const char *const **out, size_t *out_count, struct why *why)
{
    const char **ids = arena_array(a, HUB_KIOSKS_MAX, sizeof(*ids));
    size_t count = 0;
    if (ids == NULL)
        return why_set(why, ERR_NOMEM, 0, "kiosks: no memory");

    struct sql_stmt q = sql_prepare(s->sql, "select id from device where site = $1 and revoked_ms ="
                                            " 0 order by id limit $2");
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, HUB_KIOSKS_MAX);
    while (sql_step(&q))
        ids[count++] = sql_text_in(&q, 0, a);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK) {
        *out = ids;
        *out_count = count;
    }
    return rc;
}

enum err hubstore_revoked_of(struct sql *sql, const char *site, size_t max, struct arena *a,
                             const char *const **out, size_t *out_count, struct why *why)
{
    const char **ids = arena_array(a, max, sizeof(*ids));
    size_t count = 0;
    if (ids == NULL)
        return why_set(why, ERR_NOMEM, 0, "kiosks: no memory");

    struct sql_stmt q = sql_prepare(sql, "select id from device where site = $1 and revoked_ms <> 0"
                                         " order by revoked_ms desc, id limit $2");
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, (int64_t)max);
    while (sql_step(&q))
        ids[count++] = sql_text_in(&q, 0, a);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK) {
        *out = ids;
        *out_count = count;
    }
    return rc;
}

enum err hubstore_revoked(struct hubstore *s, const char *site, size_t max, struct arena *a,
                          const char *const **out, size_t *out_count, struct why *why)
{
    return hubstore_revoked_of(s->sql, site, max, a, out, out_count, why);
}

/* Whether the line is about one of these devices. *out_revokes is set by one that revokes, and otherwise left. */
static bool stick_about(const char *line, size_t len, const char *const *ids, size_t count,
                        struct arena *a, bool *out_revokes)
{
    struct event e;
    bool about = false;

    if (event_parse(a, line, len, &e, NULL) != ERR_OK)
        return false;
    for (size_t i = 0; i < count && !about; i++)
        about = strcmp(ids[i], e.subject) == 0;
    *out_revokes = *out_revokes || (about && strcmp(e.kind, "kiosk.revoked") == 0);
    return about;
}

enum { STICK_NOTICE_MAX = 1024 * 1024 /* bytes of lines */ };

/* Looks only through the chains of authors that are no kiosk: the keys under which hubs write. They are short; the kiosks' are
   not. */
enum err hubstore_notice_of(struct sql *sql, const char *site, const char *const *ids, size_t count,
                            struct arena *a, struct bundle *out, struct why *why)
{
    struct bundle b = { .site = site, .lines = arena_array(a, BUNDLE_LINES_MAX, sizeof(*b.lines)) };
    struct arena scratch;
    size_t bytes = 0;
    bool revokes = false;
    if (b.lines == NULL)
        return why_set(why, ERR_NOMEM, 0, "notice: no memory");

    struct sql_stmt q = sql_prepare_wide(
        sql, "select line.line from author join line on line.site = author.site"
             " and line.author = author.no where author.site = $1 and not exists (select 1"
             " from device where device.site = author.site and device.id = author.device"
             " and device.cert <> '') and (line.line like '%\"kind\":\"kiosk.revoked\"%'"
             " or line.line like '%\"kind\":\"kiosk.enrolled\"%') order by line.no desc");
    sql_bind_text(&q, 1, site);
    arena_init(&scratch, EVENT_ARENA);
    while (b.line_count < BUNDLE_LINES_MAX && sql_step(&q)) {
        const char *line = sql_text(&q, 0);
        size_t len = strlen(line);
        arena_reset(&scratch);
        if (!stick_about(line, len, ids, count, &scratch, &revokes) ||
            bytes + len > STICK_NOTICE_MAX)
            continue;
        bytes += len;
        b.lines[b.line_count++] =
            (struct bundle_line){ .line = arena_strndup(a, line, len), .len = len };
    }
    arena_done(&scratch);
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "notice: no memory");
    if (!revokes)
        b.line_count = 0;
    if (rc == ERR_OK)
        *out = b;
    return rc;
}

enum err hubstore_notice(struct hubstore *s, const char *site, const char *const *ids, size_t count,
                         struct arena *a, struct bundle *out, struct why *why)
{
    return hubstore_notice_of(s->sql, site, ids, count, a, out, why);
}

enum err hubstore_site_heads(struct hubstore *s, const char *site, size_t max, struct arena *a,
                             struct receipt_head **out, size_t *out_count, struct why *why)
{
    struct receipt_head *heads = arena_array(a, max, sizeof(*heads));
    char hex[KEYS_ID_TEXT];
    uint8_t hash[KEYS_HASH];
    size_t count = 0;
    if (heads == NULL)
        return why_set(why, ERR_NOMEM, 0, "heads: no memory");

    struct sql_stmt q = sql_prepare(
        s->sql, "select author.device, author.head_seq, author.head_hash from author"
                " left join device on device.site = author.site and device.id = author.device"
                " where author.site = $1 and author.head_seq > 0"
                " order by case when coalesce(device.revoked_ms, 1) = 0 then 0 else 1 end,"
                " author.device limit $2");
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, (int64_t)max);
    while (sql_step(&q)) {
        memset(hash, 0, sizeof(hash));
        hubstore_hash(&q, 2, hash);
        hex_put(hex, hash, sizeof(hash));
        heads[count++] = (struct receipt_head){ .device = sql_text_in(&q, 0, a),
                                                .seq = (uint64_t)sql_i64(&q, 1),
                                                .hash = arena_strdup(a, hex),
                                                .signature = "" };
    }
    enum err rc = sql_end(&q, why);
    if (rc == ERR_OK && a->failed)
        rc = why_set(why, ERR_NOMEM, 0, "heads: no memory");
    if (rc == ERR_OK) {
        *out = heads;
        *out_count = count;
    }
    return rc;
}

enum err hubstore_bytes_above(struct hubstore *s, const char *site, uint64_t after, int64_t *out,
                              struct why *why)
{
    struct sql_stmt q = sql_prepare(
        s->sql, "select coalesce(sum(length(line)), 0) from line where site = $1 and no > $2");

    *out = 0;
    sql_bind_text(&q, 1, site);
    sql_bind_i64(&q, 2, after > INT64_MAX ? INT64_MAX : (int64_t)after);
    if (sql_step(&q))
        *out = sql_i64(&q, 0);
    return sql_end(&q, why);
}
