/* What the tests of the stick share: some kiosks' logs in memory, a folder that is the stick, and a hub's key. */
#pragma once

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/fs.h"
#include "sync/client/proto.h"
#include "sync/client/state.h"
#include "sync/client/stick.h"
#include "sync/client/stick_folder.h"
#include "sync/log/bundle.h"
#include "sync/log/receipt.h"
#include "tests/sync/log/support.h"

#define SITE "00112233445566aa"
#define EPOCH "ffffeeee00001111"

enum { KIOSKS = 4, HUB = KIOSKS };

/* Kiosks 0 to 2 belong to the site (2 once the line that admits it is here), 3 was revoked; the hub's key is the fifth. */
struct rig {
    char dir[64], stick[80];
    struct keypair key[KIOSKS + 1];
    struct db db[KIOSKS];
    struct clock *clock;
    struct stick_tally tally;
};

static inline enum err rig_ingest(void *ctx, struct db *db, struct clock_now now,
                                  const struct event_line *lines, size_t count, size_t *out_new,
                                  struct why *why)
{
    enum err rc = ERR_OK;
    struct arena a;
    (void)ctx;
    *out_new = 0;
    arena_init(&a, EVENT_ARENA);
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        enum evlog_took took = EVLOG_KNOWN;
        arena_reset(&a);
        rc = evlog_ingest(db, lines[i].line, lines[i].len, now, &a, NULL, &took, why);
        if (rc == ERR_OK && took == EVLOG_DIFFERENT)
            rc = why_set(why, ERR_CONFLICT, 0, "another line is here");
        *out_new += took == EVLOG_NEW ? 1 : 0;
    }
    arena_done(&a);
    return rc;
}

static inline enum err rig_members(void *ctx, struct db *db, const char *site, struct arena *a,
                                   struct stick_member **out, size_t *out_count, struct why *why)
{
    struct rig *rig = ctx;
    struct stick_member *rows = arena_array(a, KIOSKS, sizeof *rows);
    int64_t admitted = 0;
    size_t count = 0;
    (void)site;
    enum err rc = db_one_i64(db, "select count(*) from log_line where kind = 'kiosk.admitted'", 0,
                             &admitted, why);
    assert_non_null(rows);
    for (size_t i = 0; i < KIOSKS; i++)
        if (i != 2 || admitted > 0)
            rows[count++] = (struct stick_member){ .id = rig->key[i].id, .now = i != 3 };
    *out = rows;
    *out_count = count;
    return rc;
}

static inline struct rig *rig_open(void)
{
    struct rig *rig = calloc(1, sizeof *rig);
    assert_non_null(rig);
    (void)str_copy(rig->dir, sizeof rig->dir, "/tmp/canny-stick-XXXXXX");
    assert_non_null(mkdtemp(rig->dir));
    (void)str_format(rig->stick, sizeof rig->stick, "%s/stick", rig->dir);
    assert_int_equal(0, mkdir(rig->stick, 0755));
    assert_ok(
        clock_new(&(struct clock_options){ .now = "2026-11-23T10:00:00Z" }, &rig->clock, &why));
    for (uint8_t i = 0; i <= KIOSKS; i++)
        rig->key[i] = support_key((uint8_t)(i + 20));
    for (size_t i = 0; i < KIOSKS; i++) {
        rig->db[i] = support_db(":memory:");
        assert_ok(state_setup(&rig->db[i], &why));
        assert_ok(stick_setup(&rig->db[i], &why));
    }
    return rig;
}

static inline void rig_close(struct rig *rig)
{
    char command_free[FS_PATH_MAX];
    struct stick_entry *rows = NULL;
    struct stick_folder f;
    struct arena a;
    /* All that the cases put on the stick has a name of ours, or is the one file in the way. */
    arena_init(&a, (size_t)4 * 1024 * 1024);
    assert_ok(stick_folder_of(&f, rig->stick, SITE, &why));
    for (int kind = STICK_BUNDLE; kind <= STICK_HALF; kind++) {
        size_t count = 0;
        bool left = false;
        if (stick_folder_list(f.site, (enum stick_kind)kind, 1000, &a, &rows, &count, &left,
                              NULL) != ERR_OK)
            continue;
        for (size_t i = 0; i < count; i++)
            assert_ok(stick_folder_remove(f.site, rows[i].name, &why));
    }
    (void)rmdir(f.files);
    (void)rmdir(f.site);
    (void)str_format(command_free, sizeof command_free, "%s/CANNY", rig->stick);
    (void)remove(command_free);
    (void)rmdir(rig->stick);
    assert_int_equal(0, rmdir(rig->dir));
    arena_done(&a);
    for (size_t i = 0; i < KIOSKS; i++)
        db_close(&rig->db[i]);
    clock_free(rig->clock);
    free(rig);
}

static inline void record(struct rig *rig, size_t kiosk, const char *kind, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        const struct event_draft draft = { .kind = kind, .subject = "x", .body = "{\"n\":1}" };
        support_append(&rig->db[kiosk], &rig->key[kiosk], support_now(SUPPORT_MS, CLOCK_NTP),
                       &draft);
    }
}

static inline struct stick work(struct rig *rig, size_t kiosk, const struct stick_ports *ports)
{
    return (struct stick){ .db = &rig->db[kiosk],
                           .self = &rig->key[kiosk],
                           .clock = rig->clock,
                           .ports = ports,
                           .root = rig->stick,
                           .site = SITE,
                           .hub = "",
                           .epoch = "" };
}

static inline enum err plug_as(struct rig *rig, size_t kiosk, const char *hub, const char *epoch)
{
    const struct stick_ports ports = { .ingest = rig_ingest, .members = rig_members, .ctx = rig };
    struct stick s = work(rig, kiosk, &ports);
    struct why why = { 0 };
    s.hub = hub;
    s.epoch = epoch;
    enum err rc = stick_look(&s, &why);
    if (rc == ERR_OK)
        rc = stick_exchange(&s, &why);
    rig->tally = s.tally;
    return rc;
}

static inline void plug(struct rig *rig, size_t kiosk)
{
    assert_int_equal(ERR_OK, plug_as(rig, kiosk, "", ""));
}

static inline int64_t lines(struct rig *rig, size_t kiosk)
{
    int64_t count = 0;
    assert_ok(db_one_i64(&rig->db[kiosk], "select count(*) from log_line", 0, &count, &why));
    return count;
}

static inline size_t bundles(struct rig *rig, struct arena *a, struct stick_entry **out)
{
    struct stick_folder f;
    size_t count = 0;
    bool left = false;
    assert_ok(stick_folder_of(&f, rig->stick, SITE, &why));
    assert_ok(stick_folder_list(f.site, STICK_BUNDLE, 1000, a, out, &count, &left, &why));
    return count;
}

static inline void put(struct rig *rig, const char *name, const void *bytes, size_t len)
{
    struct stick_folder f;
    assert_ok(stick_folder_of(&f, rig->stick, SITE, &why));
    assert_ok(stick_folder_make(&f, &why));
    assert_ok(stick_folder_write(f.site, name, bytes, len, &why));
}
