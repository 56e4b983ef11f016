#include "app/store/store.h"

#include <string.h>

/* PIN verifiers of this kiosk. The count of wrong tries is written before the PIN is looked at, so
   that pulling the plug between the two gains no free try. */

enum {
    PIN_TRIES = 5,
    PIN_MINUTE_MS = 60 * 1000,
    PIN_DOUBLINGS_MAX =
        6, /* 64 minutes: long enough against guessing, short enough for a school day */
};

/* Whether every digit is the one before plus step, round the end (8, 9, 0). */
static bool pin_runs(const char *pin, int step)
{
    for (size_t i = 1; pin[i] != '\0'; i++) {
        if ((pin[i - 1] - '0' + step + 10) % 10 != pin[i] - '0')
            return false;
    }
    return true;
}

enum err store_pin_fit(const char *pin, struct why *why)
{
    size_t len = pin == NULL ? 0 : strlen(pin);

    if (len < STORE_PIN_MIN || len > STORE_PIN_MAX)
        return why_set(why, ERR_INPUT, 0, "A PIN has %d to %d digits; choose a longer one",
                       STORE_PIN_MIN, STORE_PIN_MAX);
    if (strspn(pin, "0123456789") != len)
        return why_set(why, ERR_INPUT, 0, "A PIN has digits only; choose one without other signs");
    if (pin_runs(pin, 0))
        return why_set(why, ERR_INPUT, 0,
                       "The same digit throughout is guessed first; mix the digits");
    if (pin_runs(pin, 1) || pin_runs(pin, -1))
        return why_set(why, ERR_INPUT, 0,
                       "A straight run of digits is guessed first; mix the digits");
    return ERR_OK;
}

enum err store_set_pin(struct store *s, const char *person, const char *pin, struct why *why)
{
    char verifier[KEYS_VERIFIER];
    enum err rc = store_pin_fit(pin, why);

    if (rc != ERR_OK)
        return rc;
    if (person == NULL || person[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "set PIN: no person named");
    rc = keys_pin_set(verifier, &s->pins, pin, why);
    if (rc == ERR_OK)
        rc = db_run(&s->db, why,
                    "insert or replace into local_pin(person, verifier) values (?1, ?2)", person,
                    verifier, NULL);
    return rc == ERR_OK ? rc : why_in(why, rc, "set PIN");
}

struct pin_row {
    char verifier[KEYS_VERIFIER];
    int64_t wrong, locked_from_ms, locked_ms;
};

static enum err pin_load(struct db *db, const char *person, struct pin_row *out, bool *out_found,
                         struct why *why)
{
    struct db_stmt q =
        db_prepare(db, "select verifier, wrong, locked_from_ms, locked_ms from local_pin"
                       " where person = ?1");

    db_bind_text(&q, 1, person);
    *out_found = db_step(&q);
    if (*out_found) {
        (void)str_copy(out->verifier, sizeof out->verifier, db_text(&q, 0));
        out->wrong = db_i64(&q, 1);
        out->locked_from_ms = db_i64(&q, 2);
        out->locked_ms = db_i64(&q, 3);
    }
    return db_end(&q, why);
}

static enum err pin_save(struct db *db, const char *person, const struct pin_row *row,
                         struct why *why)
{
    struct db_stmt q = db_prepare(db, "update local_pin set wrong = ?2, locked_from_ms = ?3,"
                                      " locked_ms = ?4 where person = ?1");

    db_bind_text(&q, 1, person);
    db_bind_i64(&q, 2, row->wrong);
    db_bind_i64(&q, 3, row->locked_from_ms);
    db_bind_i64(&q, 4, row->locked_ms);
    (void)db_step(&q);
    return db_end(&q, why);
}

/* Seconds left. A clock that went back behind the lock's start must not stretch the lock into
   years. */
static int pin_wait_s(const struct pin_row *row, int64_t now_ms)
{
    int64_t gone_ms = now_ms - row->locked_from_ms;

    if (row->locked_ms == 0 || gone_ms >= row->locked_ms)
        return 0;
    if (gone_ms < 0)
        gone_ms = 0;
    return (int)((row->locked_ms - gone_ms + 999) / 1000);
}

static void pin_count_wrong(struct pin_row *row, int64_t now_ms)
{
    int64_t over;

    row->wrong++;
    if (row->wrong < PIN_TRIES)
        return;
    over = row->wrong - PIN_TRIES;
    if (over > PIN_DOUBLINGS_MAX)
        over = PIN_DOUBLINGS_MAX;
    row->locked_from_ms = now_ms;
    row->locked_ms = (int64_t)PIN_MINUTE_MS << over;
}

enum err store_try_pin(struct store *s, struct clock_now now, const char *person, const char *pin,
                       enum pin_answer *out, int *out_wait_s, struct why *why)
{
    struct pin_row row = { 0 };
    bool found = false;
    int wait_s = 0;
    enum err rc = pin_load(&s->db, person, &row, &found, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "try PIN");
    wait_s = found ? pin_wait_s(&row, now.wall_ms) : 0;
    if (!found || wait_s > 0) {
        /* A clock set back starts the lock's time again from here, once, and not at every later
           look. */
        if (found && now.wall_ms < row.locked_from_ms) {
            row.locked_from_ms = now.wall_ms;
            rc = pin_save(&s->db, person, &row, why);
        }
        *out = found ? PIN_LOCKED : PIN_NONE;
        *out_wait_s = wait_s;
        return rc;
    }
    pin_count_wrong(&row, now.wall_ms);
    rc = pin_save(&s->db, person, &row, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "try PIN");
    if (strlen(pin) <= STORE_PIN_MAX && keys_pin_ok(row.verifier, &s->pins, pin)) {
        row.wrong = row.locked_from_ms = row.locked_ms = 0;
        rc = pin_save(&s->db, person, &row, why);
        if (rc != ERR_OK)
            return why_in(why, rc, "try PIN");
        *out = PIN_RIGHT;
        *out_wait_s = 0;
        return ERR_OK;
    }
    *out = PIN_WRONG;
    *out_wait_s = pin_wait_s(&row, now.wall_ms);
    return ERR_OK;
}
