#include "app/cmd_store.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "app/store/content.h"
#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/log/evlog.h"
#include "sync/log/files.h"
#include "sync/log/person.h"
#include "sync/update/content_log.h"

enum { CMD_ARENA_MAX = 32 * 1024 * 1024, FIND_MAX = 50 };

/* Options are pairs; what is no option is a word. */
struct options {
    const char *data, *format, *kind, *person;
    struct buf words;
};

static bool options_take(struct options *o, const char *name, const char *value)
{
    const struct {
        const char *name;
        const char **to;
    } known[] = {
        { .name = "--data", .to = &o->data },
        { .name = "--format", .to = &o->format },
        { .name = "--kind", .to = &o->kind },
        { .name = "--person", .to = &o->person },
    };

    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (str_eq(known[i].name, name) && value != NULL) {
            *known[i].to = value;
            return true;
        }
    }
    return false;
}

static bool options_read(struct options *o, int argc, char **argv)
{
    buf_init(&o->words, 4096);
    for (int i = 0; i < argc; i++) {
        if (str_starts(argv[i], "--")) {
            if (!options_take(o, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
                return false;
            i++;
        } else {
            if (o->words.len > 0)
                buf_char(&o->words, ' ');
            buf_str(&o->words, argv[i]);
        }
    }
    return o->data != NULL;
}

static int cmd_usage(const char *line)
{
    (void)fprintf(stderr, "usage: canny %s\n", line);
    return 2;
}

static int cmd_fail(const char *command, const struct why *why)
{
    (void)fprintf(stderr, "canny %s: %s\n", command, why->text);
    return 1;
}

/* Reads only: a command that looks must not make, migrate or mend anything. */
static enum err cmd_open(struct db *db, const char *data, struct why *why)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;
    enum err rc = fs_join(path, data, "canny.db", why);

    if (rc == ERR_OK && fs_stat(path, &st, NULL) != ERR_OK)
        rc = why_set(why, ERR_NOT_FOUND, 0,
                     "%s is not there; name the kiosk's data folder with --data", path);
    if (rc == ERR_OK)
        rc = db_open(db, path, DB_READ, why);
    if (rc == ERR_OK) {
        int64_t there = 0;

        rc = db_one_i64(db, "select count(*) from sqlite_master where name = 'log_line'", 0, &there,
                        why);
        if (rc != ERR_OK)
            (void)why_in(why, rc, "%s cannot be read; restore it from a backup or the hub", path);
        else if (there == 0)
            rc = why_set(why, ERR_INPUT, 0,
                         "%s holds no log; name the kiosk's data folder with --data", path);
    }
    return rc;
}

struct export
{
    const char *kind; /* NULL: all */
    bool csv;
    struct arena a;
    struct buf row;
    enum err rc;
    struct why why;
};

static void csv_cell(struct buf *b, const char *text, bool last)
{
    buf_csv(b, text);
    buf_str(b, last ? "\r\n" : ",");
}

static void csv_line(struct export *x, const struct event *e)
{
    char hlc[HLC_TEXT];
    char seq[24];
    struct json_out j;
    struct buf body;

    hlc_text(hlc, e->hlc);
    (void)str_format(seq, sizeof seq, "%llu", (unsigned long long)e->seq);
    buf_init(&body, (size_t)2 * EVENT_LINE_MAX);
    json_out_init(&j, &body);
    json_out_node(&j, NULL, e->body);
    csv_cell(&x->row, e->device, false);
    csv_cell(&x->row, seq, false);
    csv_cell(&x->row, hlc, false);
    csv_cell(&x->row, e->at, false);
    csv_cell(&x->row, clock_trust_name(e->clock), false);
    csv_cell(&x->row, e->kind, false);
    csv_cell(&x->row, e->subject, false);
    csv_cell(&x->row, e->actor, false);
    csv_cell(&x->row, e->prev, false);
    csv_cell(&x->row, body.data == NULL ? "" : body.data, true);
    x->rc = buf_done(&body, &x->why);
    buf_free(&body);
}

static bool export_put(struct export *x, const char *bytes, size_t len)
{
    if (fwrite(bytes, 1, len, stdout) == len)
        return true;
    x->rc = why_set(&x->why, ERR_IO, errno, "standard output cannot be written");
    return false;
}

static bool export_line(void *ctx, const struct evlog_row *row)
{
    struct export *x = ctx;
    struct event event;

    if (x->kind != NULL && !str_eq(x->kind, row->kind))
        return true;
    if (!x->csv)
        return export_put(x, row->line, row->line_len) && export_put(x, "\n", 1);
    arena_reset(&x->a);
    buf_reset(&x->row);
    x->rc = event_parse(&x->a, row->line, row->line_len, &event, &x->why);
    if (x->rc == ERR_OK)
        csv_line(x, &event);
    if (x->rc == ERR_OK)
        x->rc = buf_done(&x->row, &x->why);
    return x->rc == ERR_OK && export_put(x, x->row.data, x->row.len);
}

static enum err export_all(struct export *x, struct db *db, struct why *why)
{
    static const char header[] = "device,seq,hlc,at,clock,kind,subject,actor,prev,body\r\n";
    enum err rc = ERR_OK;

    if (!x->csv || export_put(x, header, sizeof header - 1))
        rc = evlog_each(db, export_line, x, why);
    if (rc == ERR_OK && x->rc != ERR_OK) {
        rc = x->rc;
        *why = x->why;
    }
    /* What stdio still holds may fail only here: a full disk must not pass for a finished export. */
    if (fflush(stdout) != 0 && rc == ERR_OK)
        rc = why_set(why, ERR_IO, errno, "standard output cannot be written");
    return rc;
}

int cmd_export(int argc, char **argv)
{
    static const char usage[] = "export --data DIR --format ndjson|csv [--kind KIND]";
    struct options o = { .format = "ndjson" };
    struct export x = { 0 };
    struct db db = { 0 };
    struct why why = { 0 };
    bool used = options_read(&o, argc, argv) && o.words.len == 0 && o.person == NULL &&
                (str_eq(o.format, "ndjson") || str_eq(o.format, "csv"));
    enum err rc;

    buf_free(&o.words);
    if (!used)
        return cmd_usage(usage);
    /* A reader that has gone away is an error to tell, not a reason to die silently. */
    (void)signal(SIGPIPE, SIG_IGN);
    x.kind = o.kind;
    x.csv = str_eq(o.format, "csv");
    arena_init(&x.a, CMD_ARENA_MAX);
    buf_init(&x.row, (size_t)8 * EVENT_LINE_MAX);
    rc = cmd_open(&db, o.data, &why);
    if (rc == ERR_OK)
        rc = export_all(&x, &db, &why);
    db_close(&db);
    buf_free(&x.row);
    arena_done(&x.a);
    return rc == ERR_OK ? 0 : cmd_fail("export", &why);
}

static void verify_tell(void *ctx, const char *sentence)
{
    (void)ctx;
    (void)puts(sentence);
}

/* A folder of before there were attachments has none. */
static enum err verify_files(struct db *db, const char *data, struct evlog_verdict *v,
                             struct why *why)
{
    const struct files files = { .db = db, .data = data, .look_only = true };
    int64_t there = 0;
    uint64_t count = 0;
    uint64_t faults = 0;
    enum err rc = db_one_i64(db, "select count(*) from sqlite_master where name = 'log_file'", 0,
                             &there, why);

    if (rc == ERR_OK && there > 0)
        rc = files_verify(&files, verify_tell, NULL, &count, &faults, why);
    v->faults += faults;
    return rc;
}

/* What was installed of signed content, and from where: the chain of DATA/content/log. */
static enum err verify_content(const char *data, struct evlog_verdict *v, struct why *why)
{
    char dir[FS_PATH_MAX];
    size_t lines = 0;
    struct why cause = { 0 };
    enum err rc = fs_join(dir, data, "content", why);

    if (rc != ERR_OK)
        return rc;
    rc = content_log_verify(dir, &lines, &cause);
    if (rc == ERR_CONFLICT) {
        verify_tell(NULL, cause.text);
        v->faults++;
        return ERR_OK;
    }
    if (rc != ERR_OK && why != NULL)
        *why = cause;
    return rc;
}

int cmd_verify(int argc, char **argv)
{
    struct evlog_verdict verdict = { 0 };
    struct options o = { 0 };
    struct db db = { 0 };
    struct why why = { 0 };
    bool used = options_read(&o, argc, argv) && o.words.len == 0 && o.format == NULL &&
                o.kind == NULL && o.person == NULL;
    enum err rc;

    buf_free(&o.words);
    if (!used)
        return cmd_usage("verify --data DIR");
    (void)signal(SIGPIPE, SIG_IGN);
    rc = cmd_open(&db, o.data, &why);
    if (rc == ERR_OK)
        rc = evlog_verify(&db, verify_tell, NULL, &verdict, &why);
    if (rc == ERR_OK)
        rc = verify_files(&db, o.data, &verdict, &why);
    if (rc == ERR_OK)
        rc = verify_content(o.data, &verdict, &why);
    db_close(&db);
    if (rc == ERR_OK && verdict.faults > 0)
        rc = why_set(
            &why, ERR_CONFLICT, 0,
            "%llu faults in the log of %s; keep the folder as it is and compare it with the hub",
            (unsigned long long)verdict.faults, o.data);
    if (rc != ERR_OK)
        return cmd_fail("verify", &why);
    (void)printf("%llu lines of %llu devices: every chain is whole\n",
                 (unsigned long long)verdict.lines, (unsigned long long)verdict.devices);
    if (fflush(stdout) == 0 && ferror(stdout) == 0)
        return 0;
    rc = why_set(&why, ERR_IO, errno, "standard output cannot be written");
    return cmd_fail("verify", &why);
}

static enum err find_print(struct content *c, const char *words, struct why *why)
{
    struct doc_hit *hits = NULL;
    size_t count = 0;
    struct arena a;
    enum err rc;

    arena_init(&a, CMD_ARENA_MAX);
    rc = content_find(c, &(struct find_ask){ .words = words, .max = FIND_MAX }, &a, &hits, &count,
                      why);
    for (size_t i = 0; i < count && rc == ERR_OK; i++)
        (void)printf("%s\t%s\n", hits[i].id, hits[i].title);
    if (rc == ERR_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        rc = why_set(why, ERR_IO, errno, "standard output cannot be written");
    arena_done(&a);
    return rc;
}

int cmd_find(int argc, char **argv)
{
    struct content *content = NULL;
    struct options o = { 0 };
    struct why why = { 0 };
    bool used = options_read(&o, argc, argv) && o.words.len > 0 && o.format == NULL &&
                o.kind == NULL && o.person == NULL;
    enum err rc;

    if (!used) {
        buf_free(&o.words);
        return cmd_usage("find --data DIR WORDS...");
    }
    (void)signal(SIGPIPE, SIG_IGN);
    rc = buf_done(&o.words, &why);
    if (rc == ERR_OK)
        rc = content_open(o.data, NULL, &content, &why);
    if (rc == ERR_OK && content_kinds(content, &(size_t){ 0 }) == NULL)
        rc = why_set(&why, ERR_NOT_FOUND, 0,
                     "%s holds no content; start the kiosk once with --content", o.data);
    if (rc == ERR_OK)
        rc = find_print(content, o.words.data, &why);
    content_close(content);
    buf_free(&o.words);
    return rc == ERR_OK ? 0 : cmd_fail("find", &why);
}

/* ---- what is known of a person ---- */

struct person_walk {
    struct person_names names;
    struct person_out out;
    enum err rc;
    struct why why;
};

static bool person_name_row(void *ctx, const struct evlog_row *row)
{
    struct person_walk *w = ctx;

    w->rc = person_names_line(&w->names, row->line, row->line_len, &w->why);
    return w->rc == ERR_OK;
}

static bool person_line_row(void *ctx, const struct evlog_row *row)
{
    struct person_walk *w = ctx;

    person_out_line(&w->out, row->line, row->line_len);
    return true;
}

static enum err person_texts(struct db *db, struct person_names *n, struct why *why)
{
    enum err rc = ERR_OK;

    for (struct person_name *at = n->first; at != NULL && rc == ERR_OK; at = at->next)
        rc = evlog_blob_get(db, at->hash, n->a, &at->text, why);
    return rc;
}

/* What is the person's own and never leaves this kiosk. */
static enum err person_own(struct person_walk *w, struct db *db, const char *person,
                           struct why *why)
{
    struct db_stmt q = db_prepare(
        db, "select json_group_array(json_object('kind', kind, 'key', key, 'fields', json(body)))"
            " from (select * from local_mine where person = ?1 order by kind, key)");

    db_bind_text(&q, 1, person);
    if (db_step(&q))
        person_out_member(&w->out, "own", db_text(&q, 0));
    enum err rc = db_end(&q, why);
    if (rc != ERR_OK)
        return rc;
    q = db_prepare(db, "select exists (select 1 from local_pin where person = ?1)");
    db_bind_text(&q, 1, person);
    if (db_step(&q))
        person_out_member(&w->out, "pin_is_set", db_i64(&q, 0) != 0 ? "true" : "false");
    return db_end(&q, why);
}

static enum err person_print(struct db *db, const char *person, const char *name, struct arena *a,
                             struct why *why)
{
    struct person_walk w = { .rc = ERR_OK };
    enum err rc;

    person_names_init(&w.names, a);
    rc = evlog_each(db, person_name_row, &w, why);
    if (rc == ERR_OK && w.rc != ERR_OK) {
        *why = w.why;
        rc = w.rc;
    }
    if (rc == ERR_OK)
        rc = person_texts(db, &w.names, why);
    if (rc == ERR_OK && person == NULL)
        rc = person_names_who(&w.names, name, &person, why);
    if (rc == ERR_OK && !person_names_has(&w.names, person))
        rc = why_set(why, ERR_NOT_FOUND, 0, "nobody here has the id %.100s", person);
    if (rc != ERR_OK)
        return rc;
    person_out_begin(&w.out, stdout, person, &w.names);
    rc = person_own(&w, db, person, why);
    person_out_lines(&w.out);
    if (rc == ERR_OK)
        rc = evlog_each(db, person_line_row, &w, why);
    return rc == ERR_OK ? person_out_end(&w.out, why) : rc;
}

int cmd_person(int argc, char **argv)
{
    struct options o = { 0 };
    struct db db = { 0 };
    struct why why = { 0 };
    struct arena a;
    bool used = options_read(&o, argc, argv) && (o.words.len > 0) == (o.person == NULL) &&
                o.format == NULL && o.kind == NULL;
    enum err rc = used ? buf_done(&o.words, &why) : ERR_OK;

    if (!used) {
        buf_free(&o.words);
        return cmd_usage("person --data DIR NAME... | --person ID");
    }
    (void)signal(SIGPIPE, SIG_IGN);
    arena_init(&a, CMD_ARENA_MAX);
    if (rc == ERR_OK)
        rc = cmd_open(&db, o.data, &why);
    if (rc == ERR_OK)
        rc = person_print(&db, o.person, o.words.data, &a, &why);
    db_close(&db);
    arena_done(&a);
    buf_free(&o.words);
    return rc == ERR_OK ? 0 : cmd_fail("person", &why);
}
