#include "app/store/project.h"

#include <string.h>

#include "platform/base/keys.h"
#include "sync/log/evlog.h"

enum { LINE_ARENA_MAX = 32 * 1024 * 1024 };

static const struct projection projections[] = {
    { .kind = "site.founded", .apply = project_site_founded },
    { .kind = "kiosk.enrolled", .apply = project_kiosk_enrolled },
    { .kind = "item.registered", .apply = project_item_registered },
    { .kind = "item.labelled", .apply = project_item_labelled },
    { .kind = "person.added", .apply = project_person_added },
    { .kind = "badge.issued", .apply = project_badge_issued },
    { .kind = "check.recorded", .apply = project_check_recorded },
    { .kind = "check.withdrawn", .apply = project_check_withdrawn },
};

/* Tables and views, dropped in reverse. Order of rows for the digest is that of all columns. */
struct table {
    const char *name;
    bool view;
    const char *sql;
};
static const struct table tables[] = {
    { .name = "waiting_line",
      .sql = "create table waiting_line(event text primary key, kind text not null,"
             " reason text not null) without rowid" },
    { .name = "replaced",
      .sql = "create table replaced(replaces text not null, event text not null,"
             " subject text not null, primary key (replaces, event)) without rowid" },
    { .name = "site_founded",
      .sql =
          "create table site_founded(event text primary key, hlc text not null, site text not null,"
          " name text not null) without rowid" },
    { .name = "kiosk_enrolled",
      .sql = "create table kiosk_enrolled(event text primary key, hlc text not null,"
             " device text not null, site text not null, name text not null) without rowid" },
    { .name = "item_version",
      .sql =
          "create table item_version(event text primary key, item text not null, hlc text not null,"
          " device text not null, seq integer not null, label text not null, kind text not null,"
          " name text not null, detail text not null, room text not null, shelf text not null,"
          " maker text not null, model text not null, serial text not null,"
          " retired integer not null) without rowid;"
          "create index item_version_item on item_version(item)" },
    { .name = "item_label",
      .sql =
          "create table item_label(event text primary key, item text not null, hlc text not null,"
          " label text not null, label_key text not null) without rowid;"
          "create index item_label_item on item_label(item)" },
    /* The version in force of each item, and every label key that leads to it. */
    { .name = "item",
      .sql = "create table item(id text primary key, event text not null, label text not null,"
             " kind text not null, name text not null, detail text not null, room text not null,"
             " shelf text not null, maker text not null, model text not null, serial text not null,"
             " retired integer not null) without rowid" },
    { .name = "item_key",
      .sql = "create table item_key(label_key text not null, item text not null,"
             " primary key (label_key, item)) without rowid;"
             "create index item_key_item on item_key(item)" },
    { .name = "person_version",
      .sql =
          "create table person_version(event text primary key, person text not null,"
          " hlc text not null, device text not null, seq integer not null, name_hash text not null,"
          " role text not null) without rowid;"
          "create index person_version_person on person_version(person)" },
    { .name = "badge",
      .sql = "create table badge(event text primary key, person text not null, hlc text not null,"
             " device text not null, seq integer not null, code_hash text not null) without rowid;"
             "create index badge_code on badge(code_hash); create index badge_person on "
             "badge(person)" },
    { .name = "check_row",
      .sql =
          "create table check_row(event text primary key, item text not null, form text not null,"
          " title text not null, actor text not null, device text not null, hlc text not null,"
          " seq integer not null, at_ms integer not null, trust integer not null,"
          " day integer not null, outcome integer not null, reason text not null,"
          " body text not null) without rowid;"
          "create index check_row_item on check_row(item, form)" },
    { .name = "check_release",
      .sql = "create table check_release(target text not null, event text not null,"
             " primary key (target, event)) without rowid" },
    { .name = "check_withdrawn",
      .sql = "create table check_withdrawn(target text not null, event text not null,"
             " actor text not null, device text not null, at_ms integer not null,"
             " primary key (target, event)) without rowid" },
    /* A withdrawal counts only as the writer's own undo: same person, same kiosk, within eight
       seconds. It is judged here and not when a line arrives, because either line may come
       first. */
    { .name = "check_void",
      .view = true,
      .sql = "create view check_void as select c.event as event from check_row c where exists"
             " (select 1 from check_withdrawn w where w.target = c.event and w.actor = c.actor"
             " and w.device = c.device and w.at_ms - c.at_ms between 0 and 8000)" },
    /* A fail is answered by a pass or an advice (outcomes 1 and 2) of the same item that names it
       and stands. Both views are filters over one row's keys, so that asking about one check does
       not read them all. */
    { .name = "check_answered",
      .view = true,
      .sql = "create view check_answered as select f.event as event from check_row f where exists"
             " (select 1 from check_release r join check_row p on p.event = r.event"
             " where r.target = f.event and p.item = f.item and p.outcome in (1, 2)"
             " and not exists (select 1 from check_void v where v.event = p.event))" },
    { .name = "person",
      .view = true,
      .sql = "create view person as select person as id, event, name_hash, role from (select *,"
             " row_number() over (partition by person order by (exists (select 1 from replaced r"
             " where r.replaces = v.event and r.subject = v.person and r.event <> v.event)),"
             " hlc desc, device desc, seq desc) as place from person_version v) where place = 1" },
    /* The newest of a person's badges that no later line replaced; a lost badge stops with the next
       one's issue. */
    { .name = "badge_now",
      .view = true,
      .sql = "create view badge_now as select person, event, code_hash from (select *,"
             " row_number() over (partition by person order by hlc desc, device desc, seq desc)"
             " as place from badge b where not exists (select 1 from replaced r"
             " where r.replaces = b.event and r.event <> b.event)) where place = 1" },
};

bool project_text_ok(const char *text, size_t max)
{
    size_t len = strlen(text);

    if (len > max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7f)
            return false;
    }
    return true;
}

bool project_text(const struct json *body, const char *key, size_t max, const char **out)
{
    const struct json *node = json_get(body, key);

    if (node == NULL || node->type == JNODE_NULL) {
        *out = "";
        return true;
    }
    if (node->type != JNODE_STRING || !project_text_ok(node->text, max))
        return false;
    *out = node->text;
    return true;
}

static enum err project_replaces_one(struct db *db, const struct project_line *line,
                                     const char *subject, const struct json *node, struct why *why)
{
    /* A line that names itself would hide itself. */
    if (node->type != JNODE_STRING || node->len >= EVENT_ID_TEXT || str_eq(node->text, line->id))
        return ERR_OK;
    return db_run(db, why,
                  "insert or ignore into replaced(replaces, event, subject) values (?1, ?2, ?3)",
                  node->text, line->id, subject, NULL);
}

enum err project_replaces(struct db *db, const struct project_line *line, const char *subject,
                          struct why *why)
{
    const struct json *node = json_get(line->event->body, "replaces");
    size_t count = 0;

    if (node == NULL)
        return ERR_OK;
    if (node->type == JNODE_STRING)
        return project_replaces_one(db, line, subject, node, why);
    if (node->type != JNODE_ARRAY)
        return ERR_OK;
    for (node = node->first; node != NULL && count < PROJECT_REPLACES_MAX; node = node->next) {
        enum err rc = project_replaces_one(db, line, subject, node, why);

        if (rc != ERR_OK)
            return rc;
        count++;
    }
    return ERR_OK;
}

void project_label_key(char out[PROJECT_LABEL_MAX + 1], const char *label)
{
    size_t len;

    while (*label == ' ')
        label++;
    (void)str_copy(out, PROJECT_LABEL_MAX + 1, label);
    len = strlen(out);
    while (len > 0 && out[len - 1] == ' ')
        out[--len] = '\0';
    for (size_t i = 0; i < len; i++) {
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
    }
}

static enum err project_wait(struct db *db, const struct project_line *line, const char *reason,
                             struct why *why)
{
    return db_run(db, why,
                  "insert or replace into waiting_line(event, kind, reason) values (?1, ?2, ?3)",
                  line->id, line->event->kind, reason, NULL);
}

/* The envelope's version; a newer one may mean something else by a kind that we know. */
static int64_t project_version_of(struct arena *a, const char *text, size_t len)
{
    const struct json *root = NULL;

    if (json_parse(a, text, len, EVENT_LINE_MAX, &root, NULL) != ERR_OK)
        return 0;
    return json_int(root, "v", 0);
}

static const struct projection *project_find(const char *kind)
{
    for (size_t i = 0; i < COUNT_OF(projections); i++) {
        if (str_eq(projections[i].kind, kind))
            return &projections[i];
    }
    return NULL;
}

static enum err project_known(struct db *db, const struct projection *p, struct project_line *line,
                              struct arena *a, enum project_took *took, struct why *why)
{
    struct why reason = { 0 };
    enum err rc = ERR_INPUT;

    if (clock_parse_iso(line->event->at, &line->at_ms))
        rc = p->apply(db, line, a, &reason);
    else
        (void)why_set(&reason, rc, 0, "line %s: its time cannot be read", line->id);
    if (rc != ERR_OK && why != NULL)
        *why = reason;
    if (rc != ERR_INPUT && rc != ERR_LIMIT)
        return rc;
    *took = PROJECT_MALFORMED;
    return project_wait(db, line, "malformed", NULL);
}

enum err project_apply(struct db *db, const struct event *event, const char *text, size_t len,
                       enum project_took *out, struct why *why)
{
    const struct projection *p = project_find(event->kind);
    struct project_line line = { .event = event };
    enum project_took took = PROJECT_APPLIED;
    struct arena a;
    enum err rc;

    arena_init(&a, LINE_ARENA_MAX);
    event_id(line.id, event->device, event->seq);
    hlc_text(line.hlc, event->hlc);
    if (p == NULL || (text != NULL && project_version_of(&a, text, len) > EVENT_VERSION)) {
        took = PROJECT_UNKNOWN;
        rc = project_wait(db, &line, p == NULL ? "kind" : "version", why);
    } else {
        rc = project_known(db, p, &line, &a, &took, why);
    }
    arena_done(&a);
    if (rc == ERR_OK && out != NULL)
        *out = took;
    return rc;
}

static enum err project_create(struct db *db, struct why *why)
{
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        enum err rc = db_exec(db, tables[i].sql, why);

        if (rc != ERR_OK)
            return why_in(why, rc, "make table %s", tables[i].name);
    }
    return ERR_OK;
}

static enum err project_drop(struct db *db, struct why *why)
{
    for (size_t i = COUNT_OF(tables); i-- > 0;) {
        char sql[96];
        enum err rc;

        (void)str_format(sql, sizeof sql, "drop %s if exists %s", tables[i].view ? "view" : "table",
                         tables[i].name);
        rc = db_exec(db, sql, why);
        if (rc != ERR_OK)
            return why_in(why, rc, "drop %s", tables[i].name);
    }
    return ERR_OK;
}

struct rebuild {
    struct db *db;
    struct arena a;
    enum err rc;
    struct why why;
};

static bool rebuild_line(void *ctx, const struct evlog_row *row)
{
    struct rebuild *r = ctx;
    struct event event;

    arena_reset(&r->a);
    r->rc = event_parse(&r->a, row->line, row->line_len, &event, &r->why);
    if (r->rc == ERR_OK)
        r->rc = project_apply(r->db, &event, row->line, row->line_len, NULL, &r->why);
    return r->rc == ERR_OK;
}

static enum err project_replay(struct db *db, struct why *why)
{
    struct rebuild r = { .db = db };
    enum err rc;

    arena_init(&r.a, LINE_ARENA_MAX);
    rc = evlog_each(db, rebuild_line, &r, why);
    if (rc == ERR_OK && r.rc != ERR_OK) {
        rc = r.rc;
        if (why != NULL)
            *why = r.why;
    }
    arena_done(&r.a);
    return rc;
}

enum err project_rebuild(struct db *db, struct why *why)
{
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return rc;
    rc = project_drop(db, why);
    if (rc == ERR_OK)
        rc = project_create(db, why);
    if (rc == ERR_OK)
        rc = project_replay(db, why);
    if (rc == ERR_OK) {
        char sql[96];

        (void)str_format(sql, sizeof sql,
                         "insert or replace into local_meta(key, value) values ('project', %d)",
                         PROJECT_VERSION);
        rc = db_exec(db, sql, why);
    }
    if (rc != ERR_OK) {
        db_rollback(db);
        return why_in(why, rc, "build the tables from the log");
    }
    return db_commit(db, why);
}

enum err project_setup(struct db *db, struct why *why)
{
    static const char have_sql[] = "select value from local_meta where key = 'project'";
    int64_t have = 0;
    enum err rc = db_one_i64(db, have_sql, 0, &have, why);

    if (rc != ERR_OK || have == PROJECT_VERSION)
        return rc;
    /* Two connections may open at once: look again once the writing turn is ours. */
    rc = db_begin(db, why);
    if (rc != ERR_OK)
        return rc;
    rc = db_one_i64(db, have_sql, 0, &have, why);
    if (rc == ERR_OK && have != PROJECT_VERSION)
        rc = project_rebuild(db, why);
    return db_finish(db, rc, why);
}

/* digest = SHA-256(digest so far, the row as text with lengths), so that no table need fit into
   memory. */
static void digest_row(char digest[KEYS_ID_TEXT], struct db_stmt *q, int columns, struct buf *row)
{
    buf_reset(row);
    buf_str(row, digest);
    for (int i = 0; i < columns; i++) {
        const char *text = db_text(q, i);

        buf_printf(row, "|%zu:", strlen(text));
        buf_str(row, text);
    }
    keys_sha256_hex(digest, row->data, row->len);
}

static enum err digest_table(struct db *db, const char *name, char digest[KEYS_ID_TEXT],
                             struct buf *row, struct why *why)
{
    char sql[128];
    struct db_stmt q;
    int columns;

    (void)str_format(sql, sizeof sql, "select * from %s limit 0", name);
    q = db_prepare(db, sql);
    columns = q.stmt == NULL ? 0 : sqlite3_column_count(q.stmt);
    if (db_end(&q, why) != ERR_OK)
        return why_in(why, ERR_IO, "digest of %s", name);
    buf_reset(row);
    buf_printf(row, "select * from %s order by 1", name);
    for (int i = 2; i <= columns; i++)
        buf_printf(row, ", %d", i);
    q = db_prepare(db, row->data);
    buf_reset(row);
    buf_printf(row, "%s%s", digest, name);
    keys_sha256_hex(digest, row->data, row->len);
    while (db_step(&q))
        digest_row(digest, &q, columns, row);
    return db_end(&q, why);
}

enum err project_digest(struct db *db, char out[KEYS_ID_TEXT], struct why *why)
{
    char digest[KEYS_ID_TEXT] = "";
    struct buf row;
    enum err rc = ERR_OK;

    buf_init(&row, (size_t)4 * EVENT_LINE_MAX);
    for (size_t i = 0; i < COUNT_OF(tables) && rc == ERR_OK; i++)
        rc = digest_table(db, tables[i].name, digest, &row, why);
    if (rc == ERR_OK)
        rc = buf_done(&row, why);
    buf_free(&row);
    if (rc == ERR_OK)
        (void)str_copy(out, KEYS_ID_TEXT, digest);
    return rc;
}
