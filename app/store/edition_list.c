#include "app/store/edition_list.h"

#include <stdlib.h>
#include <string.h>

#include "app/store/content_index.h"
#include "platform/base/db.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

static const char help_prefix[] = "../help/";

static int item_order(const void *p, const void *q)
{
    const struct edition_item *a = p;
    const struct edition_item *b = q;

    return a->turn != b->turn ? (a->turn > b->turn) - (a->turn < b->turn)
                              : strcmp(a->path, b->path);
}

/* ---- which files ---- */

static enum err list_role(const struct edition_set *set, size_t at, struct arena *a,
                          struct edition_list *out, struct why *why)
{
    const struct edition_role *r = &set->roles[at];
    bool theirs = str_starts(r->role, "employers/");

    for (size_t i = 0; i < r->count; i++) {
        const char *path =
            theirs ? arena_printf(a, "%s/%s", r->role, r->files[i].path) : r->files[i].path;
        int turn;

        if (path == NULL)
            return why_set(why, ERR_NOMEM, 0, "no room for the files of an edition");
        turn = content_turn(path);
        /* No role speaks in another's place, whoever let its paths through. */
        if (turn < 0 || (!theirs && (str_starts(path, "employers/") || path[0] == '.')))
            continue;
        out->items[out->count++] = (struct edition_item){ .path = path,
                                                          .sha = r->files[i].sha,
                                                          .file = &r->files[i],
                                                          .turn = turn,
                                                          .role = (int)at };
    }
    return ERR_OK;
}

static enum err help_path(const struct edition_set *set, const char *name, char out[FS_PATH_MAX],
                          struct why *why)
{
    return fs_join(out, set->help, name, why);
}

enum err edition_help(const struct edition_set *set, const struct edition_item *item,
                      struct arena *a, char **out, size_t *out_len, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = help_path(set, item->path + strlen(help_prefix), path, why);

    return rc == ERR_OK ? fs_read(a, path, CONTENT_FILE_MAX, out, out_len, why) : rc;
}

static enum err list_help_page(const struct edition_set *set, const char *name, struct arena *a,
                               struct edition_item *out, struct why *why)
{
    char *sha = arena_alloc(a, KEYS_ID_TEXT);
    char *text = NULL;
    size_t len = 0;
    struct arena page;
    enum err rc;

    *out = (struct edition_item){ .path = arena_printf(a, "%s%s", help_prefix, name),
                                  .sha = sha,
                                  .role = EDITION_HELP };
    if (out->path == NULL || sha == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the files of an edition");
    out->turn = content_turn(out->path);
    arena_init(&page, (size_t)2 * CONTENT_FILE_MAX);
    rc = edition_help(set, out, &page, &text, &len, why);
    if (rc == ERR_OK)
        keys_sha256_hex(sha, text, len);
    arena_done(&page);
    return rc;
}

static enum err list_help(const struct edition_set *set, struct arena *a, const char ***out_names,
                          size_t *out_count, struct why *why)
{
    enum { HELP_MAX = 500 };
    enum err rc;

    *out_count = 0;
    if (set->help == NULL)
        return ERR_OK;
    rc = fs_list(a, set->help, HELP_MAX, out_names, out_count, why);
    return rc == ERR_NOT_FOUND ? ERR_OK : rc;
}

/* ---- what it is called ---- */

static int role_order(const void *p, const void *q)
{
    const struct edition_role *const *a = p;
    const struct edition_role *const *b = q;

    return strcmp((*a)->role, (*b)->role);
}

static enum err list_key(const struct edition_set *set, struct edition_list *out, struct why *why)
{
    const struct edition_role *roles[EDITION_ROLES_MAX];
    struct buf b;
    enum err rc;

    for (size_t i = 0; i < set->count; i++)
        roles[i] = &set->roles[i];
    qsort(roles, set->count, sizeof roles[0], role_order);
    buf_init(&b, (size_t)64 * 1024);
    buf_printf(&b, "canny manifests %d\n", CONTENT_VERSION);
    for (size_t i = 0; i < set->count; i++)
        buf_printf(&b, "%s %s\n", roles[i]->role, roles[i]->manifest);
    rc = buf_done(&b, why);
    if (rc == ERR_OK)
        keys_sha256_hex(out->key, b.data, b.len);
    buf_free(&b);
    return rc;
}

static const char *text_of(const char *text)
{
    return text == NULL ? "" : text;
}

/* A school's name decides in the independent sector alone (content_layer.c). */
static void put_place(struct buf *b, const struct edition_set *set)
{
    bool school = str_eq(text_of(set->constituency), "X-SCIS");

    buf_printf(b, "%s\n%s\n", text_of(set->constituency), school ? text_of(set->school) : "");
}

static enum err list_help_hash(struct edition_list *out, struct why *why)
{
    struct buf b;
    enum err rc;

    buf_init(&b, (size_t)256 * 1024);
    buf_str(&b, "canny help\n");
    for (size_t i = 0; i < out->count; i++)
        if (out->items[i].role == EDITION_HELP)
            buf_printf(&b, "%s %s\n", out->items[i].path, out->items[i].sha);
    rc = buf_done(&b, why);
    if (rc == ERR_OK)
        keys_sha256_hex(out->help, b.data, b.len);
    buf_free(&b);
    return rc;
}

static enum err list_names(const struct edition_set *set, struct edition_list *out, struct why *why)
{
    struct buf hash;
    struct buf base;
    enum err rc = list_key(set, out, why);

    if (rc == ERR_OK)
        rc = list_help_hash(out, why);
    buf_init(&hash, (size_t)64 * 1024);
    buf_init(&base, (size_t)1024 * 1024);
    buf_printf(&hash, "canny edition\n%s\n%s\n", out->key, out->help);
    buf_printf(&base, "canny base %d\n", CONTENT_VERSION);
    put_place(&hash, set);
    put_place(&base, set);
    for (size_t i = 0; i < out->count; i++) {
        const struct edition_item *item = &out->items[i];

        if (content_turn_shapes(item->turn))
            buf_printf(&base, "%s %s\n", item->path, item->sha);
    }
    if (rc == ERR_OK)
        rc = buf_done(&hash, why);
    if (rc == ERR_OK)
        rc = buf_done(&base, why);
    if (rc == ERR_OK) {
        keys_sha256_hex(out->hash, hash.data, hash.len);
        keys_sha256_hex(out->base, base.data, base.len);
    }
    buf_free(&hash);
    buf_free(&base);
    return rc;
}

enum err edition_list(const struct edition_set *set, struct arena *a, struct edition_list *out,
                      struct why *why)
{
    const char **help = NULL;
    size_t help_count = 0;
    size_t most = 0;
    enum err rc = list_help(set, a, &help, &help_count, why);

    *out = (struct edition_list){ .count = 0 };
    if (rc == ERR_OK && set->count > EDITION_ROLES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%zu roles, the maximum is %d", set->count,
                     EDITION_ROLES_MAX);
    for (size_t i = 0; i < set->count && rc == ERR_OK; i++)
        most += set->roles[i].count;
    if (rc == ERR_OK && most > (size_t)EDITION_ROLES_MAX * CONTENT_FILES_MAX)
        rc = why_set(why, ERR_LIMIT, 0, "%zu files are too many for an edition", most);
    if (rc != ERR_OK)
        return rc;
    out->items = arena_array(a, most + help_count + 1, sizeof *out->items);
    if (out->items == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the files of an edition");
    for (size_t i = 0; i < set->count && rc == ERR_OK; i++)
        rc = list_role(set, i, a, out, why);
    for (size_t i = 0; i < help_count && rc == ERR_OK; i++)
        if (str_ends(help[i], ".md"))
            rc = list_help_page(set, help[i], a, &out->items[out->count++], why);
    if (rc != ERR_OK)
        return rc;
    qsort(out->items, out->count, sizeof *out->items, item_order);
    for (size_t i = 1; i < out->count; i++)
        if (str_eq(out->items[i - 1].path, out->items[i].path))
            return why_set(why, ERR_INPUT, 0, "%s stands twice", out->items[i].path);
    return list_names(set, out, why);
}

enum err edition_list_help(const struct edition_set *set, struct edition_list *out, struct why *why)
{
    const struct edition_set none = { .help = set->help };
    struct arena a;
    enum err rc;

    arena_init(&a, (size_t)4 * CONTENT_FILE_MAX);
    rc = edition_list(&none, &a, out, why);
    out->items = NULL;
    out->count = 0;
    arena_done(&a);
    return rc;
}

/* ---- what is there already ---- */

static int held_order(const void *p, const void *q)
{
    const struct edition_held *a = p;
    const struct edition_held *b = q;

    return strcmp(a->sha, b->sha);
}

enum err edition_store_read(struct db *db, struct arena *a, struct edition_store *out,
                            struct why *why)
{
    struct db_stmt q;
    int64_t most = 0;
    enum err rc = db_one_i64(db, "select count(*) from edition_file", 0, &most, why);

    *out = (struct edition_store){ .count = 0 };
    if (rc != ERR_OK)
        return rc;
    out->rows = arena_array(a, (size_t)most + 1, sizeof *out->rows);
    q = db_prepare(db, "select sha, path from edition_file");
    while (out->rows != NULL && out->count < (size_t)most && db_step(&q))
        out->rows[out->count++] =
            (struct edition_held){ .sha = db_text_in(&q, 0, a), .path = db_text_in(&q, 1, a) };
    rc = db_end(&q, why);
    if (rc == ERR_OK && (out->rows == NULL || a->failed))
        rc = why_set(why, ERR_NOMEM, 0, "no room for the files of an edition");
    if (rc == ERR_OK)
        qsort(out->rows, out->count, sizeof *out->rows, held_order);
    return rc;
}

const struct edition_held *edition_store_find(const struct edition_store *s, const char *sha)
{
    const struct edition_held want = { .sha = sha };

    return s->count == 0 ? NULL : bsearch(&want, s->rows, s->count, sizeof *s->rows, held_order);
}
