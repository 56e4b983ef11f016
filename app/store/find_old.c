#include "app/store/find_old.h"

#include <string.h>

#include "app/store/find_index.h"

enum { OLD_PIECE = 64 * 1024, OLD_POSTS_MAX = 256 * 1024 * 1024 };

enum err find_old_open(struct find_old *o, struct db *db, struct why *why)
{
    size_t len = 0;

    *o = (struct find_old){ .damaged = false };
    arena_init(&o->a, OLD_POSTS_MAX);
    o->terms = db_prepare(db, "select data from find where part = 'terms'");
    if (!db_step(&o->terms))
        return why_set(why, ERR_INPUT, 0, "the index of the search is not there");
    o->at = db_blob(&o->terms, 0, &len);
    o->end = o->at + len;
    return find_part_open(db, "posts", &o->posts, &o->posts_len, why);
}

/* So many bytes of the postings from there on; NULL: they cannot be read. */
static const uint8_t *old_piece(struct find_old *o, size_t from, size_t bytes)
{
    if (from >= o->piece_from && from + bytes <= o->piece_from + o->piece_len)
        return o->piece + (from - o->piece_from);
    size_t size = bytes > OLD_PIECE ? bytes : OLD_PIECE;
    if (size > o->posts_len - from)
        size = o->posts_len - from;
    o->piece_len = 0;
    if (size > o->piece_size) {
        arena_reset(&o->a);
        o->piece = arena_alloc(&o->a, size);
        o->piece_size = o->piece != NULL ? size : 0;
    }
    if (o->piece_size < size ||
        sqlite3_blob_read(o->posts, o->piece, (int)size, (int)from) != SQLITE_OK)
        return NULL;
    o->piece_from = from;
    o->piece_len = size;
    return o->piece;
}

void find_old_next(struct find_old *o)
{
    const uint8_t *nul = o->at < o->end ? memchr(o->at, '\0', (size_t)(o->end - o->at)) : NULL;
    uint32_t count = 0;
    uint32_t bytes = 0;

    o->text = NULL;
    if (o->at == o->end)
        return;
    if (nul == NULL)
        o->damaged = true;
    if (o->damaged)
        return;
    o->text = (const char *)o->at;
    o->at = nul + 1;
    o->damaged = !find_varint(&o->at, o->end, &count) || !find_varint(&o->at, o->end, &bytes) ||
                 bytes > o->posts_len - o->posts_at;
    if (o->damaged)
        return;
    o->post = old_piece(o, o->posts_at, bytes);
    o->damaged = o->post == NULL;
    if (o->damaged)
        return;
    o->post_end = o->post + bytes;
    o->posts_at += bytes;
}

void find_old_close(struct find_old *o)
{
    (void)sqlite3_blob_close(o->posts);
    enum err rc = db_end(&o->terms, NULL); /* what was read is judged by find_old_next */
    (void)rc;
    arena_done(&o->a);
    *o = (struct find_old){ .damaged = false };
}
