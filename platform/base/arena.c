#include "platform/base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_ALIGN = 16, ARENA_BLOCK = 64 * 1024 };

struct arena_block {
    struct arena_block *before;
    size_t size;
    size_t used;
    size_t pad; /* keeps bytes[] on a 16-byte boundary */
    unsigned char bytes[];
};

void arena_init(struct arena *a, size_t max_bytes)
{
    *a = (struct arena){ .max_bytes = max_bytes };
}

void arena_done(struct arena *a)
{
    struct arena_block *b = a->head;
    while (b != NULL) {
        struct arena_block *before = b->before;
        free(b);
        b = before;
    }
    a->head = NULL;
    a->used = 0;
}

static struct arena_block *arena_grow(struct arena *a, size_t size)
{
    size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    struct arena_block *b = malloc(sizeof *b + room);
    if (b == NULL)
        return NULL;
    *b = (struct arena_block){ .before = a->head, .size = room };
    a->head = b;
    return b;
}

/* Not zeroed. */
static void *arena_take(struct arena *a, size_t size)
{
    if (size > a->max_bytes || a->max_bytes - size < a->used + ARENA_ALIGN) {
        a->failed = true;
        return NULL;
    }
    size_t rounded = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    if (rounded == 0)
        rounded = ARENA_ALIGN;
    struct arena_block *b = a->head;
    if (b == NULL || b->size - b->used < rounded)
        b = arena_grow(a, rounded);
    if (b == NULL) {
        a->failed = true;
        return NULL;
    }
    void *at = b->bytes + b->used;
    b->used += rounded;
    a->used += rounded;
    return at;
}

void *arena_alloc(struct arena *a, size_t size)
{
    void *at = arena_take(a, size);
    if (at != NULL)
        memset(at, 0, size);
    return at;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / 2 / size) {
        a->failed = true;
        return NULL;
    }
    return arena_alloc(a, count * size);
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_take(a, len + 1);
    if (copy == NULL)
        return NULL;
    if (len > 0)
        memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    int n = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (n < 0) {
        a->failed = true;
        return NULL;
    }
    char *text = arena_alloc(a, (size_t)n + 1);
    if (text == NULL)
        return NULL;
    va_start(args, fmt);
    (void)vsnprintf(text, (size_t)n + 1, fmt, args);
    va_end(args);
    return text;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){
        .block = a->head,
        .block_used = a->head == NULL ? 0 : a->head->used,
        .used = a->used,
    };
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    while (a->head != mark.block) {
        struct arena_block *before = a->head->before;
        free(a->head);
        a->head = before;
    }
    if (a->head != NULL)
        a->head->used = mark.block_used;
    a->used = mark.used;
}

void arena_reset(struct arena *a)
{
    while (a->head != NULL && a->head->before != NULL) {
        struct arena_block *before = a->head->before;
        free(a->head);
        a->head = before;
    }
    if (a->head != NULL)
        a->head->used = 0;
    a->used = 0;
    a->failed = false;
}

void arena_begin(struct arena *a, size_t max_bytes)
{
    arena_reset(a);
    a->max_bytes = max_bytes;
}
