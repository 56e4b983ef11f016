/* Connections and transactions of PostgreSQL. */
#include <stdlib.h>
#include <string.h>

#include "platform/base/clock.h"
#include "platform/base/str.h"
#include "sync/hub/sql_pg.h"

enum { PG_BACKOFF_MS = 100, PG_BACKOFF_MAX_MS = 5000 };

/* A session that hangs in the middle of something must not hold a site's lock for ever, nor wait for one for ever; what
   we say is stored is on the disk. */
static const char pg_session[] =
    "set idle_in_transaction_session_timeout = '30s'; set lock_timeout = '5s';"
    " select set_config('synchronous_commit', 'on', false)"
    " where current_setting('synchronous_commit') = 'off'";

static struct pg *pg_of(struct sql *s)
{
    return (struct pg *)s;
}

/* ---- faults ---- */

static bool pg_state_passes(const char *state)
{
    static const char *const passing[] = { "40001", "40P01", "55P03", "57P01",
                                           "57P02", "57P03", "25P03" };

    for (size_t i = 0; i < COUNT_OF(passing); i++)
        if (strcmp(state, passing[i]) == 0)
            return true;
    return strncmp(state, "08", 2) == 0;
}

static enum err pg_state_err(const char *state)
{
    if (strcmp(state, "53100") == 0)
        return ERR_FULL;
    if (strcmp(state, "53200") == 0)
        return ERR_NOMEM;
    if (strncmp(state, "23", 2) == 0)
        return ERR_CONFLICT;
    if (strcmp(state, "42501") == 0 || strncmp(state, "28", 2) == 0 || strcmp(state, "25006") == 0)
        return ERR_DENIED;
    if (strncmp(state, "54", 2) == 0)
        return ERR_LIMIT;
    return ERR_IO;
}

/* The server's first sentence: its details may hold what is in the rows. */
enum err pg_fail(struct pg *s, const PGresult *result, struct why *why)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *text = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    bool gone = PQstatus(s->conn) != CONNECTION_OK;

    s->passing = gone || (state != NULL && pg_state_passes(state));
    if (text != NULL)
        return why_set(why, state != NULL ? pg_state_err(state) : ERR_IO, 0, "database: %s", text);
    return why_set(why, ERR_IO, 0, gone ? "database: the server is gone" : "database: it failed");
}

/* ---- connections ---- */

static enum err pg_not_connected(struct pg *s, struct why *why)
{
    char text[160];

    (void)str_copy(text, sizeof(text), PQerrorMessage(s->conn));
    text[strcspn(text, "\n")] = '\0';
    s->passing = true;
    return why_set(why, PQconnectionNeedsPassword(s->conn) ? ERR_DENIED : ERR_IO, 0, "database: %s",
                   text);
}

static enum err pg_begin_session(struct pg *s, struct why *why)
{
    const char *encoding = PQparameterStatus(s->conn, "server_encoding");

    s->kept_count = 0;
    s->depth = 0;
    if (encoding == NULL || strcmp(encoding, "UTF8") != 0)
        return why_set(why, ERR_INPUT, 0, "database: its encoding is %s; make one in UTF8",
                       encoding != NULL ? encoding : "unknown");
    PGresult *r = PQexec(s->conn, pg_session);
    ExecStatusType status = PQresultStatus(r);
    enum err rc =
        status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? ERR_OK : pg_fail(s, r, why);
    PQclear(r);
    return rc;
}

/* Notices are no faults, and libraries do not log. */
static void pg_notice(void *ctx, const char *text)
{
    (void)ctx;
    (void)text;
}

enum err pg_alive(struct pg *s, struct why *why)
{
    int64_t now = clock_mono_ms();
    if (PQstatus(s->conn) == CONNECTION_OK)
        return ERR_OK;
    s->passing = false;
    if (now < s->again_ms)
        return why_set(why, ERR_IO, 0, "database: the server does not answer");
    PQreset(s->conn);
    enum err rc =
        PQstatus(s->conn) == CONNECTION_OK ? pg_begin_session(s, why) : pg_not_connected(s, why);
    s->backoff_ms = rc == ERR_OK                            ? 0
                    : s->backoff_ms == 0                    ? PG_BACKOFF_MS
                    : s->backoff_ms * 2 < PG_BACKOFF_MAX_MS ? s->backoff_ms * 2
                                                            : PG_BACKOFF_MAX_MS;
    s->again_ms = clock_mono_ms() + s->backoff_ms;
    s->passing = s->passing && rc == ERR_OK;
    return rc;
}

void pg_close(struct sql *base)
{
    struct pg *s = pg_of(base);

    PQfinish(s->conn);
    free(s);
}

/* ---- transactions ---- */

static enum err pg_say(struct pg *s, const char *text, const char *want, struct why *why)
{
    PGresult *r = PQexec(s->conn, text);
    ExecStatusType status = PQresultStatus(r);
    enum err rc = ERR_OK;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        rc = pg_fail(s, r, why);
    else if (want != NULL && strcmp(PQcmdStatus(r), want) != 0)
        rc = why_set(why, ERR_IO, 0,
                     "database: the transaction was taken back; nothing was written");
    PQclear(r);
    return rc;
}

enum err pg_begin(struct sql *base, struct why *why)
{
    struct pg *s = pg_of(base);
    char text[32];
    enum err rc = ERR_OK;

    if (s->depth > 0) {
        (void)str_format(text, sizeof(text), "savepoint s%d", s->depth);
        rc = pg_say(s, text, NULL, why);
    } else {
        s->passing = false;
        rc = pg_alive(s, why);
        if (rc == ERR_OK)
            rc = pg_say(s, "begin", NULL, why);
        if (rc != ERR_OK && PQstatus(s->conn) != CONNECTION_OK && s->again_ms <= clock_mono_ms()) {
            rc = pg_alive(s, why); /* it had gone without a word */
            if (rc == ERR_OK)
                rc = pg_say(s, "begin", NULL, why);
        }
    }
    if (rc == ERR_OK)
        s->depth++;
    return rc;
}

void pg_rollback(struct sql *base)
{
    struct pg *s = pg_of(base);
    char text[64];
    bool passing = s->passing;

    if (s->depth == 0)
        return;
    s->depth--;
    if (s->depth > 0)
        (void)str_format(text, sizeof(text), "rollback to s%d; release s%d", s->depth, s->depth);
    else
        (void)str_copy(text, sizeof(text), "rollback");
    if (PQstatus(s->conn) == CONNECTION_OK)
        (void)pg_say(s, text, NULL, NULL);
    s->passing = passing;
}

/* A transaction that failed before answers a commit with a rollback, and without a fault. */
enum err pg_commit(struct sql *base, struct why *why)
{
    struct pg *s = pg_of(base);
    char text[32] = "commit";

    if (s->depth > 1)
        (void)str_format(text, sizeof(text), "release s%d", s->depth - 1);
    enum err rc = pg_say(s, text, s->depth > 1 ? NULL : "COMMIT", why);
    if (rc != ERR_OK) {
        pg_rollback(base);
        return rc;
    }
    s->depth--;
    return ERR_OK;
}

bool pg_passing(const struct sql *s)
{
    return ((const struct pg *)s)->passing;
}

/* Two that make the tables at once: the second is told that they are there, and looks again. */
enum err pg_exec(struct sql *base, const char *text, struct why *why)
{
    struct pg *s = pg_of(base);
    enum err rc = s->depth == 0 ? pg_alive(s, why) : ERR_OK;
    if (rc != ERR_OK)
        return rc;

    PGresult *r = PQexec(s->conn, text);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);
        rc = pg_fail(s, r, why);
        if (state != NULL && (strcmp(state, "42P07") == 0 || strcmp(state, "23505") == 0))
            s->passing = true;
    }
    PQclear(r);
    return rc;
}

/* Checked by itself, because what libpq says of an address that is none repeats it, password and all. */
static enum err pg_address(const char *address, struct why *why)
{
    char *ignored = NULL;
    PQconninfoOption *options = PQconninfoParse(address, &ignored);

    PQfreemem(ignored);
    if (options == NULL)
        return why_set(why, ERR_INPUT, 0,
                       "the database's address is not of the form postgresql://USER@HOST/NAME");
    PQconninfoFree(options);
    return ERR_OK;
}

enum err pg_connect(struct pg *s, const char *address, struct why *why)
{
    /* What the address says wins over what stands before it. */
    static const char *const names[] = { "connect_timeout",           "tcp_user_timeout",
                                         "fallback_application_name", "dbname",
                                         "client_encoding",           NULL };
    const char *const values[] = { "5", "15000", "canny-hub", address, "UTF8", NULL };
    enum err rc = pg_address(address, why);
    if (rc != ERR_OK)
        return rc;

    s->conn = PQconnectdbParams(names, values, 1);
    (void)PQsetNoticeProcessor(s->conn, pg_notice, NULL);
    return PQstatus(s->conn) == CONNECTION_OK ? pg_begin_session(s, why) : pg_not_connected(s, why);
}
