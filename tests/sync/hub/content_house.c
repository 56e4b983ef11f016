#include "tests/sync/hub/content_house.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/str.h"

struct content_offer house_offer(struct house *h, const char *role, int64_t version,
                                 struct repo_bytes bytes)
{
    struct content_offer o = {
        .role = role,
        .version = version,
        .body = bytes.data,
        .len = bytes.len,
        .now_ms = h->now.wall_ms,
        .a = &h->b->a,
    };
    struct commit_job job = {
        .kind = COMMIT_OFFER, .device = "", .nonce = "", .now = h->now, .offer = &o
    };
    struct commit_job *jobs[] = { &job };

    commit_group(h->b->store, jobs, 1);
    if (job.rc != ERR_OK)
        fail_msg("%s %lld: %s", role, (long long)version, job.why.text);
    return o;
}

enum content_answer house_put(struct house *h, const char *name, struct repo_bytes bytes)
{
    struct content_put p = { .body = bytes.data, .len = bytes.len, .a = &h->b->a };
    struct commit_job job = {
        .kind = COMMIT_PUT, .device = "", .nonce = "", .now = h->now, .put = &p
    };
    struct commit_job *jobs[] = { &job };
    struct why why = { 0 };

    assert_true(content_name_read(name, &p.name));
    if (content_file_look(h->b->store, &p, &why) != ERR_OK)
        fail_msg("%s: %s", name, why.text);
    if (p.answer != CONTENT_COUNTS)
        return p.answer;
    commit_group(h->b->store, jobs, 1);
    if (job.rc != ERR_OK)
        fail_msg("%s: %s", name, job.why.text);
    return p.answer;
}

void house_is(enum content_answer answer, const struct content_offer *o)
{
    if (o->answer != answer)
        fail_msg("answer %d instead of %d: %s", o->answer, answer, o->reason.text);
}

void house_online(struct house *h, struct keypair *out)
{
    struct hub_content_keys keys;

    assert_int_equal(ERR_OK, content_keys(h->b->store, &keys, NULL));
    *out = keys.all[keys.count - 1];
}

void house_trust(struct house *h, struct repo_bytes root)
{
    struct content_offer o = {
        .body = root.data, .len = root.len, .now_ms = h->now.wall_ms, .a = &h->b->a
    };
    struct why why = { 0 };

    if (content_trust(h->b->store, &o, &why) != ERR_OK)
        fail_msg("%s", why.text);
    house_is(CONTENT_COUNTS, &o);
}

void house_new(struct house *h, struct store_bench *b)
{
    *h = (struct house){ .b = b, .now = store_noon };
    repo_new(&h->s, &b->a, h->now.wall_ms);
    house_online(h, &h->online);
    house_trust(h, repo_root(&h->s, &(struct repo_root){ .version = 1, .online = h->online.id }));
    struct content_offer o =
        house_offer(h, "targets", 1, repo_targets(&h->s, &(struct repo_targets){ .version = 1 }));
    house_is(CONTENT_COUNTS, &o);
}

struct content_offer house_publish(struct house *h, const struct repo_role *r)
{
    const struct repo_bytes bytes = repo_role(&h->s, r);
    struct content_offer o = house_offer(h, r->role, r->version, bytes);

    house_is(CONTENT_MISSING, &o);
    (void)house_put(h, r->edition->target, r->edition->manifest);
    if (r->stop.len > 0)
        (void)house_put(h, repo_stop_name(&h->s, r->role, r->stop), r->stop);
    for (size_t i = 0; i < r->edition->count; i++)
        (void)house_put(h, r->edition->files[i].name, r->edition->files[i].packed);
    return house_offer(h, r->role, r->version, bytes);
}

bool house_holds(struct house *h, const char *name)
{
    bool held = false;

    assert_int_equal(ERR_OK, hubstore_content_held(h->b->store, name, &held, NULL));
    return held;
}

int64_t house_version(struct house *h, const char *role)
{
    struct hub_meta m = { .version = 0 };
    enum err rc = hubstore_content_meta(h->b->store, role, 0, true, &h->b->a, &m, NULL);

    assert_true(rc == ERR_OK || rc == ERR_NOT_FOUND);
    return rc == ERR_OK ? m.version : 0;
}

struct tuf_meta house_signed(struct house *h, enum tuf_kind kind)
{
    struct hub_meta root_row, row;
    struct tuf_meta root, m;
    struct why why = { 0 };

    assert_int_equal(ERR_OK, content_standing(h->b->store, "root", TUF_ROOT, NULL, &h->b->a,
                                              &root_row, &root, &why));
    if (content_standing(h->b->store, tuf_kind_name(kind), kind, &root.roles[kind], &h->b->a, &row,
                         &m, &why) != ERR_OK)
        fail_msg("%s", why.text);
    return m;
}
