/* JSON: a strict reader into plain nodes in an arena, and a writer into a buf.
   The reader refuses duplicate keys, invalid UTF-8, \u0000, trailing text, and keeps integers
   exact. Nodes are plain data, so pure code may read them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"
#include "platform/base/str.h"

enum { JSON_DEPTH_MAX = 32 };

enum json_type {
    JNODE_NULL,
    JNODE_BOOL,
    JNODE_INT,
    JNODE_REAL,
    JNODE_STRING,
    JNODE_ARRAY,
    JNODE_OBJECT
};

struct json {
    enum json_type type;
    const char *key;  /* when a member of an object, else NULL */
    const char *text; /* JNODE_STRING: NUL-terminated UTF-8 */
    size_t len;       /* JNODE_STRING: bytes; JNODE_ARRAY, JNODE_OBJECT: number of children */
    int64_t integer;  /* JNODE_INT; JNODE_BOOL: 0 or 1 */
    double real;      /* JNODE_REAL and JNODE_INT */
    const struct json *first; /* children, in document order */
    const struct json *next;
};

/* Parses len bytes, at most max_bytes of them. The nodes are in the arena. ERR_INPUT says where. */
MUST_USE enum err json_parse(struct arena *a, const char *text, size_t len, size_t max_bytes,
                             const struct json **out, struct why *why);

/* Lookups accept NULL nodes and wrong types, so that chains need one check at the end. */
const struct json *json_get(const struct json *object, const char *key); /* NULL when absent */
const char *json_str(const struct json *object, const char *key);        /* NULL unless a string */
int64_t json_int(const struct json *object, const char *key, int64_t fallback);
double json_num(const struct json *object, const char *key, double fallback);
bool json_bool(const struct json *object, const char *key, bool fallback);

/* Writer: appends to a buf, puts commas itself, escapes; depth at most JSON_DEPTH_MAX.
   key is NULL inside arrays and at the top. Output has no white space and one line. */
struct json_out {
    struct buf *to;
    unsigned depth;
    bool comma[JSON_DEPTH_MAX];
};
void json_out_init(struct json_out *j, struct buf *to);
void json_out_object(struct json_out *j, const char *key);
void json_out_array(struct json_out *j, const char *key);
void json_out_end_object(struct json_out *j);
void json_out_end_array(struct json_out *j);
/* NULL value writes null. */
void json_out_str(struct json_out *j, const char *key, const char *value);
void json_out_int(struct json_out *j, const char *key, int64_t value);
void json_out_num(struct json_out *j, const char *key, double value); /* shortest that reads back */
void json_out_bool(struct json_out *j, const char *key, bool value);
/* Writes a subtree. */
void json_out_node(struct json_out *j, const char *key, const struct json *node);
