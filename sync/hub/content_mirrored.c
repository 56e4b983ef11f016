#include <string.h>

#include "platform/base/str.h"
#include "sync/hub/content_parts.h"

/* Snapshot and timestamp of another hub: of a repository whose root names no key of this one, which then serves what that one
   has signed. */

struct content_listing {
    struct content_offer *o;
    const struct tuf_meta *m;
    size_t found;
};

/* What a snapshot leaves out that stands here, or lists older, would take content back. */
static bool content_listing_held(void *ctx, const struct hub_meta *held)
{
    struct content_listing *l = ctx;
    char name[MANIFEST_ROLE + 8];

    if (content_kind_of(held->role) != TUF_TARGETS)
        return true;
    (void)str_format(name, sizeof(name), "%s.json", held->role);
    const struct tuf_file *f = tuf_meta_file(l->m, name);
    if (f == NULL || f->version < held->version) {
        (void)why_set(&l->o->reason, ERR_CONFLICT, 0, "it %s %.80s",
                      f == NULL ? "leaves out" : "lists an older version of", held->role);
        l->o->answer = CONTENT_OLDER;
        l->o->held = held->version;
        return false;
    }
    l->found += f->version == held->version;
    return true;
}

/* Another's snapshot is served once every role that it lists stands here in that version. */
static enum err content_snapshot_lists(struct hubstore *s, struct content_offer *o,
                                       const struct tuf_meta *m, struct why *why)
{
    struct content_listing l = { .o = o, .m = m };
    struct hub_meta row;
    enum err rc;

    o->answer = CONTENT_COUNTS;
    rc = hubstore_content_metas(s, content_listing_held, &l, why);
    if (rc != ERR_OK || o->answer == CONTENT_OLDER || l.found == m->file_count)
        return rc;
    o->missing = arena_array(o->a, m->file_count, sizeof(*o->missing));
    if (o->missing == NULL)
        return why_set(why, ERR_NOMEM, 0, "content: no memory");
    for (size_t i = 0; i < m->file_count && o->missing_count < CONTENT_MISSING_MAX; i++) {
        char role[MANIFEST_ROLE];
        char name[CONTENT_NAME];
        const size_t len = strlen(m->files[i].name);
        if (len < 6 || len - 5 >= sizeof(role))
            continue;
        memcpy(role, m->files[i].name, len - 5);
        role[len - 5] = '\0';
        rc = hubstore_content_meta(s, role, m->files[i].version, true, o->a, &row, NULL);
        if (rc == ERR_OK)
            continue;
        content_name_metadata(name, role, m->files[i].version);
        o->missing[o->missing_count++] = arena_printf(o->a, "metadata/%s", name);
    }
    o->answer = CONTENT_MISSING;
    return ERR_OK;
}

static enum err content_timestamp_fits(struct hubstore *s, struct content_offer *o,
                                       const struct tuf_meta *m, struct why *why)
{
    const struct tuf_file *f = tuf_meta_file(m, "snapshot.json");
    struct hub_meta row;
    enum err rc =
        f != NULL ? hubstore_content_meta(s, "snapshot", 0, true, o->a, &row, why) : ERR_NOT_FOUND;

    if (rc == ERR_NOT_FOUND || (rc == ERR_OK && row.version != f->version)) {
        (void)why_set(&o->reason, ERR_CONFLICT, 0,
                      "the snapshot that it names has to come before it");
        return content_answer(o, CONTENT_UNTRUSTED);
    }
    if (rc == ERR_OK && tuf_file_check(f, row.body, row.len, &o->reason) != ERR_OK)
        return content_answer(o, CONTENT_WRONG);
    if (rc == ERR_OK)
        o->answer = CONTENT_COUNTS;
    return rc;
}

enum err content_mirrored(struct hubstore *s, struct content_offer *o, enum tuf_kind kind,
                          const struct tuf_meta *root, const struct hub_meta *held, struct why *why)
{
    struct content_ours ours;
    struct tuf_meta m;

    if (!content_read(o, kind, &m) || !content_signed(o, &m, &root->roles[kind]))
        return ERR_OK;
    o->answer = CONTENT_COUNTS;
    if (o->look)
        return ERR_OK;
    enum err rc = content_ours_in(s, root, &ours, why);

    memset(&ours.keys, 0, sizeof(ours.keys));
    if (rc != ERR_OK)
        return rc;
    if (ours.enough[TUF_SNAPSHOT] && ours.enough[TUF_TIMESTAMP]) {
        /* Its own word, which it forgot with the backup that it was put back from: kiosks know that number. */
        if (held == NULL || m.version > held->version)
            o->above = m.version;
        else
            (void)content_outside(o, o->role, "this hub signs it itself");
        return ERR_OK;
    }
    if (!content_newer(o, held) || !content_good(o, &m))
        return ERR_OK;
    rc = kind == TUF_SNAPSHOT ? content_snapshot_lists(s, o, &m, why)
                              : content_timestamp_fits(s, o, &m, why);
    if (rc != ERR_OK || o->answer != CONTENT_COUNTS)
        return rc;
    rc = content_keep(s, o, &m, true, why);
    return rc == ERR_OK
               ? hubstore_content_keep_in(
                     s, o->role, kind == TUF_SNAPSHOT ? HUB_CONTENT_KEEP_SNAPSHOTS : 1, why)
               : rc;
}
