/* A kiosk that has edition 1, and edition 2 harmed on its way in one manner after another: each is told by its name, edition 1
   stays byte for byte, and the honest edition 2 that is published after it is installed. */
#include <stdlib.h>

#include "sync/update/tuf_client.h"
#include "sync/update/tuf_write.h"
#include "tests/sync/update/updater_scene.h"

/* What the last commit wrote, the fourth; the kiosk has seen the third, and its national role of version 2. */
#define TIMESTAMP "metadata/timestamp.json"
#define SNAPSHOT "metadata/4.snapshot.json"
#define TARGETS "metadata/4.targets.json"
#define NATIONAL "metadata/3.national.json"
#define ROOT "metadata/2.root.json"

enum { HARM_ARENA = 64 * 1024 * 1024 };

struct harm {
    const char *name;
    void (*harm)(struct scene *s, const struct harm *h);
    enum updater_fault fault;
    const char *file, *was, *becomes; /* of who harms by changing or putting a file */
    char by; /* 'r'oot, 't'argets, 'h'ub, 'n'ational, 'c'ouncil; 0 nobody signs it */
    size_t len;
};

static const struct keypair *harm_key(const struct scene *s, char by)
{
    return by == 'r'   ? &s->repo.root
           : by == 't' ? &s->repo.targets
           : by == 'h' ? &s->repo.hub
           : by == 'n' ? &s->national->key
                       : &s->council->key;
}

static char *harm_read(struct scene *s, struct arena *a, const char *name)
{
    uint8_t *bytes = NULL;
    size_t len = 0;

    assert_ok(update_folder_get(s->repo.dir, name, TUF_WRITE_MAX, a, &bytes, &len, NULL));
    return arena_strndup(a, (const char *)bytes, len);
}

static char *harm_changed(struct arena *a, char *text, const char *was, const char *becomes)
{
    char *at = strstr(text, was);

    if (at == NULL)
        fail_msg("no %s in %s", was, text);
    return arena_printf(a, "%.*s%s%s", (int)(at - text), text, becomes, at + strlen(was));
}

/* The same file with the signature of one who has this key, under this id. */
static char *harm_signed(struct arena *a, const char *text, const struct keypair *key,
                         const char *id)
{
    struct tuf_write_key written;
    struct buf out;

    buf_init(&out, TUF_WRITE_MAX);
    assert_ok(tuf_write_key(a, key->id, NULL, &written, NULL));
    assert_ok(tuf_write_sign(a, text, strlen(text), id != NULL ? id : written.id, key, &out, NULL));
    char *all = arena_strndup(a, out.data, out.len);
    buf_free(&out);
    return all;
}

/* A text in it is another one; signed anew, or as it was. */
static void changed(struct scene *s, const struct harm *h)
{
    struct arena a;

    arena_init(&a, HARM_ARENA);
    char *text = harm_changed(&a, harm_read(s, &a, h->file), h->was, h->becomes);
    if (h->by != 0)
        text = harm_signed(&a, text, harm_key(s, h->by), NULL);
    repo_put(&s->repo, h->file, text, strlen(text));
    arena_done(&a);
}

/* Signed by another in the place of who should. */
static void signed_by_another(struct scene *s, const struct harm *h)
{
    struct arena a;

    arena_init(&a, HARM_ARENA);
    char *text = harm_read(s, &a, h->file);
    char *all = arena_printf(&a, "{\"signatures\":[],%s", strstr(text, "\"signed\":"));
    all = harm_signed(&a, all, harm_key(s, h->by), NULL);
    repo_put(&s->repo, h->file, all, strlen(all));
    arena_done(&a);
}

/* An older file of the same repository in its place. */
static void older(struct scene *s, const struct harm *h)
{
    struct arena a;

    arena_init(&a, HARM_ARENA);
    const char *text = harm_read(s, &a, h->was);
    repo_put(&s->repo, h->file, text, strlen(text));
    arena_done(&a);
}

/* The next root: the first with another version. */
static void next_root(struct scene *s, const struct harm *h)
{
    struct arena a;

    arena_init(&a, HARM_ARENA);
    char *text = harm_read(s, &a, "metadata/1.root.json");
    text = harm_changed(&a, text, "\"version\":1", h->becomes);
    text = arena_printf(&a, "{\"signatures\":[],%s", strstr(text, "\"signed\":"));
    text = harm_signed(&a, text, harm_key(s, h->by), NULL);
    repo_put(&s->repo, ROOT, text, strlen(text));
    arena_done(&a);
}

/* The national role takes two keys; its one key has two names, and signs under both. */
static void one_key_twice(struct scene *s, const struct harm *h)
{
    static const char other[] = "00000000000000000000000000000000000000000000000000000000000000aa";
    struct tuf_write_key key;
    struct arena a;

    (void)h;
    arena_init(&a, HARM_ARENA);
    assert_ok(tuf_write_key(&a, s->national->key.id, NULL, &key, NULL));
    char *text = harm_read(s, &a, TARGETS);
    text = harm_changed(&a, text, "\"keys\":{",
                        arena_printf(&a, "\"keys\":{\"%s\":%s,", other, key.object));
    text = harm_changed(&a, text, arena_printf(&a, "\"keyids\":[\"%s\"]", key.id),
                        arena_printf(&a, "\"keyids\":[\"%s\",\"%s\"]", key.id, other));
    text = harm_changed(&a, text, "\"threshold\":1", "\"threshold\":2");
    text = harm_signed(&a, text, &s->repo.targets, NULL);
    repo_put(&s->repo, TARGETS, text, strlen(text));
    text = harm_signed(&a, harm_read(s, &a, NATIONAL), &s->national->key, other);
    repo_put(&s->repo, NATIONAL, text, strlen(text));
    arena_done(&a);
}

/* So many blanks in its place; of a blob by its text. */
static void endless(struct scene *s, const struct harm *h)
{
    char digits[KEYS_ID_TEXT], name[200];
    char *blanks = malloc(h->len);

    assert_non_null(blanks);
    memset(blanks, ' ', h->len);
    keys_sha256_hex(digits, "two, changed", 12);
    (void)str_format(name, sizeof name, "blobs/%.2s/%s.zst", digits, digits);
    repo_put(&s->repo, h->file != NULL ? h->file : name, blanks, h->len);
    free(blanks);
}

static void bomb(struct scene *s, const struct harm *h)
{
    /* 13 bytes that unpack to 128 KiB and say that they are 12. */
    static const uint8_t bytes[] = { 0x28, 0xb5, 0x2f, 0xfd, 0x20, 12, 0x03, 0x00, 0x10, 0x00 };
    char digits[KEYS_ID_TEXT], name[200];

    (void)h;
    keys_sha256_hex(digits, "two, changed", 12);
    (void)str_format(name, sizeof name, "blobs/%.2s/%s.zst", digits, digits);
    repo_put(&s->repo, name, bytes, sizeof bytes);
}

static void manifest(struct scene *s, const struct harm *h)
{
    repo_manifest(&s->repo, s->national, h->becomes, strlen(h->becomes), NULL);
    repo_commit(&s->repo);
}

static void login_page(struct scene *s, const struct harm *h)
{
    s->rig.page = h->file;
}

static void freeze(struct scene *s, const struct harm *h)
{
    (void)h;
    s->rig.now_ms = s->repo.expires_ms + REPO_DAY_MS;
}

#define NO_HASH "0000000000000000000000000000000000000000000000000000000000000000"

static const struct harm harms[] = {
    /* wrong signatures */
    { "root signed by another", next_root, UPDATER_UNSIGNED, .becomes = "\"version\":2",
      .by = 'h' },
    { "timestamp signed by another", signed_by_another, UPDATER_UNSIGNED, TIMESTAMP, .by = 't' },
    { "snapshot signed by another", signed_by_another, UPDATER_UNSIGNED, SNAPSHOT, .by = 't' },
    { "targets signed by another", signed_by_another, UPDATER_UNSIGNED, TARGETS, .by = 'h' },
    { "role signed by another", signed_by_another, UPDATER_UNSIGNED, NATIONAL, .by = 'h' },
    { "timestamp changed and not signed again", changed, UPDATER_UNSIGNED, TIMESTAMP,
      ",\"version\":4}", ",\"version\":5}" },
    { "targets changed and not signed again", changed, UPDATER_UNSIGNED, TARGETS,
      "\"terminating\":true", "\"terminating\":false" },
    /* too few, and one key twice */
    { "role signed by one of two", changed, UPDATER_UNSIGNED, TARGETS, "\"threshold\":1",
      "\"threshold\":2", 't' },
    { "role signed by one key under two names", one_key_twice, UPDATER_UNSIGNED },
    /* rollback */
    { "root of version 1 again", next_root, UPDATER_OLDER, .becomes = "\"version\":1", .by = 'r' },
    { "timestamp of version 1 again", changed, UPDATER_OLDER, TIMESTAMP, ",\"version\":4}",
      ",\"version\":1}", 'h' },
    { "snapshot of version 1 again", changed, UPDATER_OLDER, TIMESTAMP,
      "\"snapshot.json\":{\"version\":4}", "\"snapshot.json\":{\"version\":1}", 'h' },
    { "targets of version 1 again", changed, UPDATER_OLDER, SNAPSHOT,
      "\"targets.json\":{\"version\":4}", "\"targets.json\":{\"version\":1}", 'h' },
    { "role of version 1 again", changed, UPDATER_OLDER, SNAPSHOT,
      "\"national.json\":{\"version\":3}", "\"national.json\":{\"version\":1}", 'h' },
    { "role no longer listed", changed, UPDATER_OLDER, SNAPSHOT,
      "\"national.json\":{\"version\":3},", "", 'h' },
    { "freeze", freeze, UPDATER_EXPIRED },
    /* mix and match */
    { "root of a version skipped", next_root, UPDATER_MIXED, .becomes = "\"version\":3",
      .by = 'r' },
    { "snapshot of before", older, UPDATER_MIXED, SNAPSHOT, "metadata/3.snapshot.json" },
    { "targets of before", older, UPDATER_MIXED, TARGETS, "metadata/3.targets.json" },
    { "role of before", older, UPDATER_MIXED, NATIONAL, "metadata/2.national.json" },
    { "snapshot of another hash", changed, UPDATER_MIXED, TIMESTAMP, "{\"version\":4}",
      "{\"hashes\":{\"sha256\":\"" NO_HASH "\"},\"version\":4}", 'h' },
    /* endless, bombs */
    { "root without an end", endless, UPDATER_MALFORMED, ROOT, .len = TUF_ROOT_BYTES_MAX + 1 },
    { "timestamp without an end", endless, UPDATER_MALFORMED, TIMESTAMP,
      .len = TUF_TIMESTAMP_BYTES_MAX + 1 },
    { "snapshot without an end", endless, UPDATER_MALFORMED, SNAPSHOT,
      .len = TUF_SNAPSHOT_BYTES_MAX + 1 },
    { "targets without an end", endless, UPDATER_MALFORMED, TARGETS,
      .len = TUF_TARGETS_BYTES_MAX + 1 },
    { "role without an end", endless, UPDATER_MALFORMED, NATIONAL,
      .len = TUF_TARGETS_BYTES_MAX + 1 },
    { "blob without an end", endless, UPDATER_WRONG, .len = 4000000 },
    { "blob that is a bomb", bomb, UPDATER_WRONG },
    /* names that lead elsewhere */
    { "manifest that climbs", manifest, UPDATER_MALFORMED,
      .becomes =
          "{\"format\":1,\"role\":\"national\",\"edition\":\"2\",\"percent\":100,\"needs\":1,"
          "\"files\":[[\"../up.md\",\"" NO_HASH "\",1]]}" },
    /* a key twice */
    { "timestamp with a key twice", changed, UPDATER_MALFORMED, TIMESTAMP,
      "\"_type\":", "\"_type\":\"x\",\"_type\":" },
    { "snapshot with a key twice", changed, UPDATER_MALFORMED, SNAPSHOT,
      "\"national.json\":", "\"national.json\":{\"version\":3},\"national.json\":" },
    { "targets with a key twice", changed, UPDATER_MALFORMED, TARGETS,
      "\"_type\":", "\"_type\":\"x\",\"_type\":" },
    { "role with a key twice", changed, UPDATER_MALFORMED, NATIONAL,
      "\"_type\":", "\"_type\":\"x\",\"_type\":" },
    { "manifest with a key twice", manifest, UPDATER_MALFORMED,
      .becomes = "{\"format\":1,\"role\":\"national\",\"edition\":\"2\",\"percent\":0,"
                 "\"percent\":100,\"needs\":1,\"files\":[]}" },
    /* an authority reaching further than its own */
    { "council signs for the nation", signed_by_another, UPDATER_UNSIGNED, NATIONAL, .by = 'c' },
    { "council's manifest for the nation", manifest, UPDATER_MALFORMED,
      .becomes = "{\"format\":1,\"role\":\"employers/example\",\"edition\":\"2\",\"percent\":100,"
                 "\"needs\":1,\"files\":[]}" },
    /* a proxy */
    { "login page in place of every file", login_page, UPDATER_PAGE, "" },
    { "login page in place of every blob", login_page, UPDATER_PAGE, "blobs/" },
};

static void harmed_begin(struct scene *s)
{
    (void)council(s, "S12000036", "");
    publish(s, &first);
    assert_int_equal(s->repo.listing_version, 3);
}

static bool harmed_has_first(const struct scene *s, const char *manifest)
{
    return str_eq(s->rig.installed.roles[0].edition, "1") &&
           str_eq(s->rig.installed.roles[0].hash, manifest) && s->rig.text_count == 4 &&
           rig_reads(&s->rig, "national/docs/a.md=one") &&
           rig_reads(&s->rig, "national/docs/b.md=two") &&
           rig_reads(&s->rig, "national/kinds.csv=three") &&
           rig_reads(&s->rig, "employers/example/docs/a.md=ours");
}

/* One row, in a repository and a kiosk of its own. */
static void harmed_row(struct scene *s, const struct harm *h)
{
    char manifest_before[KEYS_ID_TEXT];

    harmed_begin(s);
    assert_fault(s, UPDATER_FINE);
    (void)str_copy(manifest_before, sizeof manifest_before, s->national->manifest);
    publish(s, &second);
    h->harm(s, h);
    for (int contact = 0; contact < 2; contact++) {
        const enum updater_fault fault = rig_run(&s->rig);

        if (fault != h->fault)
            fail_msg("%s: %s, not %s: %s", h->name, updater_fault_name(fault),
                     updater_fault_name(h->fault), s->rig.why.text);
        if (!harmed_has_first(s, manifest_before))
            fail_msg("%s: edition 1 is not what it was", h->name);
    }
    if (repo_has(&s->repo, ROOT))
        repo_drop(&s->repo, ROOT);
    s->rig.page = NULL;
    s->repo.expires_ms = s->rig.now_ms + 60 * (int64_t)REPO_DAY_MS;
    publish(s, &second);
    const enum updater_fault fault = rig_run(&s->rig);
    if (fault != UPDATER_FINE || !str_eq(s->rig.installed.roles[0].edition, "2") ||
        !rig_reads(&s->rig, "national/docs/b.md=two, changed"))
        fail_msg("%s: the honest edition after it: %s: %s", h->name, updater_fault_name(fault),
                 s->rig.why.text);
}

static void what_is_harmed_is_told_and_the_edition_before_stays(void **state)
{
    for (size_t i = 0; i < COUNT_OF(harms); i++) {
        if (i > 0) {
            (void)scene_teardown(state);
            (void)scene_setup(state);
        }
        harmed_row(*state, &harms[i]);
    }
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, scene_setup, scene_teardown)

int main(void)
{
    static const struct CMUnitTest cases[] = {
        CASE(what_is_harmed_is_told_and_the_edition_before_stays),
    };

    return cmocka_run_group_tests(cases, NULL, NULL);
}
