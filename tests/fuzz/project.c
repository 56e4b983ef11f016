/* Any JSON object as the body of a line of any kind: "KIND SUBJECT", a line feed, the body. It is
   taken or it waits, and what was taken can be read through every view. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/local.h"
#include "app/store/project.h"
#include "app/store/project_tables.h"
#include "sync/log/evlog.h"
#include "tests/fuzz/fuzz.h"

/* The tables are made once: making them for every input would be most of the work. Every input's line
   is taken back out of them. */
static struct db *tables(void)
{
    static struct db db;
    struct why why = { 0 };
    enum err rc = ERR_OK;

    if (db.handle != NULL)
        return &db;
    rc = db_open(&db, ":memory:", DB_CACHE, &why);
    if (rc == ERR_OK)
        rc = evlog_setup(&db, &why);
    if (rc == ERR_OK)
        rc = local_setup(&db, &why);
    if (rc == ERR_OK)
        rc = project_setup(&db, NULL, &why);
    if (rc != ERR_OK) {
        (void)fprintf(stderr, "fuzz: %s\n", why.text);
        abort();
    }
    return &db;
}

/* Every table and view to its end, as the digest does; the statements are kept, as making them for
   every input would be most of the work. */
static void read_all(struct db *db)
{
    enum { TABLES_MAX = 64 };
    static sqlite3_stmt *kept[TABLES_MAX];

    assert(project_table_count <= TABLES_MAX);
    for (size_t i = 0; i < project_table_count; i++) {
        char sql[128];
        int rc = SQLITE_OK;

        (void)snprintf(sql, sizeof sql, "select * from %s", project_tables[i].name);
        if (kept[i] == NULL)
            rc = sqlite3_prepare_v2(db->handle, sql, -1, &kept[i], NULL);
        assert(rc == SQLITE_OK);
        while ((rc = sqlite3_step(kept[i])) == SQLITE_ROW)
            for (int k = 0; k < sqlite3_column_count(kept[i]); k++)
                (void)sqlite3_column_text(kept[i], k);
        assert(rc == SQLITE_DONE);
        (void)sqlite3_reset(kept[i]);
    }
}

static void apply(const struct event *e)
{
    struct db *db = tables();
    enum project_took took = PROJECT_APPLIED;
    struct why why = { 0 };
    enum err rc = db_begin(db, NULL);

    assert(rc == ERR_OK);
    rc = project_apply(db, e, NULL, 0, &took, &why);
    assert(rc == ERR_OK);
    assert(took != PROJECT_MALFORMED || why.text[0] != '\0');
    if (took == PROJECT_APPLIED)
        read_all(db);
    db_rollback(db);
}

/* Up to the character, cut to what fits; NULL when it is not there. */
static const uint8_t *word(const uint8_t *at, const uint8_t *end, char until, char *out,
                           size_t size)
{
    const uint8_t *stop = memchr(at, until, (size_t)(end - at));
    size_t len;

    if (stop == NULL)
        return NULL;
    len = (size_t)(stop - at) < size - 1 ? (size_t)(stop - at) : size - 1;
    memcpy(out, at, len);
    out[len] = '\0';
    return stop + 1;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char kind[EVENT_KIND_MAX + 1];
    char subject[EVENT_NAME_MAX + 1];
    struct event e = { .device = EVENT_NO_PREV,
                       .seq = 1,
                       .hlc = { .ms = 1795344120000, .n = 0 },
                       .at = "2026-11-22T10:42:00.000Z",
                       .clock = CLOCK_NTP,
                       .kind = kind,
                       .subject = subject,
                       .actor = "p1",
                       .prev = EVENT_NO_PREV,
                       .version = EVENT_VERSION };
    const uint8_t *end = data + size;
    const uint8_t *at = word(data, end, ' ', kind, sizeof kind);
    struct arena a;

    if (at != NULL)
        at = word(at, end, '\n', subject, sizeof subject);
    if (at == NULL || !utf8_valid(kind, strlen(kind)) || !utf8_valid(subject, strlen(subject)))
        return 0;
    arena_init(&a, EVENT_ARENA);
    if (json_parse(&a, (const char *)at, (size_t)(end - at), EVENT_LINE_MAX, &e.body, NULL) ==
            ERR_OK &&
        e.body->type == JNODE_OBJECT)
        apply(&e);
    arena_done(&a);
    return 0;
}
