/* The strict reader (RFC 8259, and no more): refuses a key that stands twice, a text that is not UTF-8 or holds \u0000,
   half a surrogate pair, an integer beyond 64 bits, a number beyond a double, a byte behind the end. Written here
   because a kiosk reads each line of its log several times in its life: a library's tree, copied into ours afterwards,
   was two fifths of all the time of taking lines in. tests/platform/base/test_json.c holds it against that library.

   It reads a copy of the text, where texts and keys stay: the quotation mark behind each becomes its NUL, and escapes become what
   they stand for, which is never longer. */
#include "platform/base/json.h"

#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { READ_KEYS_PAIRWISE = 16 /* fewer keys are compared each with each */ };

struct reader {
    char *at, *end; /* of the copy; a NUL stands at its end */
    struct arena *a;
    const char *fault; /* the first one; NULL: none */
    bool full;         /* that it is the arena's */
};

static struct json *read_value(struct reader *r, const char *key, unsigned depth);

static void *read_fail(struct reader *r, const char *fault)
{
    if (r->fault == NULL)
        r->fault = fault;
    return NULL;
}

static void *read_full(struct reader *r)
{
    r->full = r->full || r->fault == NULL;
    return read_fail(r, "no memory");
}

static void read_blanks(struct reader *r)
{
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t' || *r->at == '\n' || *r->at == '\r'))
        r->at++;
}

static bool read_char(struct reader *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

/* ---- texts ---- */

/* Four hexadecimal digits; a value beyond 0xFFFF: there are none. */
static uint32_t read_hex(struct reader *r)
{
    uint32_t value = 0;

    if (r->end - r->at < 4)
        return UINT32_MAX;
    for (int i = 0; i < 4; i++) {
        const char c = *r->at++;
        const uint32_t digit = c >= '0' && c <= '9'   ? (uint32_t)(c - '0')
                               : c >= 'a' && c <= 'f' ? (uint32_t)(c - 'a') + 10
                               : c >= 'A' && c <= 'F' ? (uint32_t)(c - 'A') + 10
                                                      : UINT32_MAX;
        if (digit == UINT32_MAX)
            return UINT32_MAX;
        value = value << 4 | digit;
    }
    return value;
}

/* What stands behind "\u"; 0: nothing that may stand there. */
static uint32_t read_escaped_code(struct reader *r)
{
    const uint32_t high = read_hex(r);

    if (high > 0xFFFF || (high >= 0xDC00 && high <= 0xDFFF))
        return 0;
    if (high < 0xD800 || high > 0xDBFF)
        return high;
    if (!read_char(r, '\\') || !read_char(r, 'u'))
        return 0;
    const uint32_t low = read_hex(r);
    return low >= 0xDC00 && low <= 0xDFFF ? 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00) : 0;
}

/* What stands behind the backslash, as UTF-8; returns its length, 0: nothing that may stand there. */
static size_t read_escape(struct reader *r, char out[4])
{
    static const char names[] = "\"\\/bfnrt";
    static const char chars[] = "\"\\/\b\f\n\r\t";
    const char *found;

    if (r->at == r->end || *r->at == '\0')
        return 0;
    if (read_char(r, 'u')) {
        const uint32_t code = read_escaped_code(r);

        return code == 0 ? 0 : utf8_put(out, code);
    }
    found = strchr(names, *r->at++);
    if (found == NULL)
        return 0;
    out[0] = chars[found - names];
    return 1;
}

/* Eight bytes at a time, past those that end no text, begin no escape and are no control characters. *seen collects their bits. */
static char *read_plain(char *c, const char *end, unsigned char *seen)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t highs = ones * 0x80;
    uint64_t all = 0;

    for (uint64_t eight; end - c >= 8; c += 8) {
        memcpy(&eight, c, sizeof eight);
        const uint64_t quote = eight ^ ones * '"';
        const uint64_t escape = eight ^ ones * '\\';

        /* Where a byte is less than n, its high bit is in (eight - ones * n) & ~eight; others may be set above it alone. */
        if ((((quote - ones) & ~quote) | ((escape - ones) & ~escape) |
             ((eight - ones * 0x20) & ~eight)) &
            highs)
            break;
        all |= eight;
    }
    *seen |= (all & highs) != 0 ? 0x80 : 0;
    return c;
}

/* To the closing quotation mark; *out_bare: no escape in it, *out_ascii: no byte beyond ASCII. NULL: it has a fault. */
static char *read_text_end(struct reader *r, bool *out_bare, bool *out_ascii)
{
    unsigned char seen = 0;
    bool bare = true;

    for (char *c = read_plain(r->at, r->end, &seen); c < r->end; c++) {
        if (*c == '"') {
            *out_bare = bare;
            *out_ascii = seen < 0x80;
            return c;
        }
        if ((unsigned char)*c < 0x20)
            return read_fail(r, "a control character in a text");
        if (*c == '\\') {
            bare = false;
            c++; /* whatever it is, it does not end the text */
            if (c < r->end && (unsigned char)*c < 0x20)
                return read_fail(r, "a control character in a text");
        }
        seen |= c < r->end ? (unsigned char)*c : 0;
    }
    return read_fail(r, "a text without an end");
}

/* Behind the opening quotation mark. NUL-terminated. */
static const char *read_text(struct reader *r, size_t *out_len)
{
    bool bare = false;
    bool ascii = false;
    char *end = read_text_end(r, &bare, &ascii);
    char *text = r->at;

    if (end == NULL)
        return NULL;
    size_t len = (size_t)(end - text);
    if (!ascii && !utf8_valid(text, len))
        return read_fail(r, "a text that is not UTF-8");
    if (!bare) {
        for (len = 0; r->at < end;) {
            char bytes[4];

            if (!read_char(r, '\\')) {
                text[len++] = *r->at++;
                continue;
            }
            const size_t more = read_escape(r, bytes);
            if (more == 0 || r->at > end)
                return read_fail(r, "an escape that is none");
            memcpy(text + len, bytes, more);
            len += more;
        }
    }
    text[len] = '\0';
    r->at = end + 1;
    *out_len = len;
    return text;
}

/* ---- numbers ---- */

static bool read_digits(struct reader *r)
{
    const char *from = r->at;

    while (r->at < r->end && *r->at >= '0' && *r->at <= '9')
        r->at++;
    return r->at > from;
}

/* The digits of an integer, from 1 to 9 behind an optional '-'. */
static bool read_integer(const char *from, const char *to, int64_t *out)
{
    const bool minus = *from == '-';
    uint64_t value = 0;
    const uint64_t max = (uint64_t)INT64_MAX + (minus ? 1 : 0);

    for (const char *c = from + (minus ? 1 : 0); c < to; c++) {
        const uint64_t digit = (uint64_t)(*c - '0');

        if (value > (max - digit) / 10)
            return false;
        value = value * 10 + digit;
    }
    *out = minus ? (int64_t)(0 - value) : (int64_t)value;
    return true;
}

static bool read_real(struct reader *r, const char *from, size_t len, double *out)
{
    const char *text = arena_strndup(r->a, from, len);
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    if (text == NULL || c == (locale_t)0)
        return read_full(r) != NULL;
    locale_t before = uselocale(c);
    *out = strtod(text, NULL);
    (void)uselocale(before);
    freelocale(c);
    return isfinite(*out) || read_fail(r, "a number too large") != NULL;
}

static struct json *read_number(struct reader *r, struct json *node)
{
    const char *from = r->at;
    bool whole = true;

    (void)read_char(r, '-');
    if (!read_char(r, '0') && !read_digits(r))
        return read_fail(r, "neither a value nor its end");
    if (read_char(r, '.')) {
        whole = false;
        if (!read_digits(r))
            return read_fail(r, "a number that is none");
    }
    if (r->at < r->end && (*r->at == 'e' || *r->at == 'E')) {
        whole = false;
        r->at++;
        if (!read_char(r, '+'))
            (void)read_char(r, '-');
        if (!read_digits(r))
            return read_fail(r, "a number that is none");
    }
    node->type = whole ? JNODE_INT : JNODE_REAL;
    if (!whole)
        return read_real(r, from, (size_t)(r->at - from), &node->real) ? node : NULL;
    if (!read_integer(from, r->at, &node->integer))
        return read_fail(r, "an integer too large");
    node->real = (double)node->integer;
    return node;
}

/* ---- lists and objects ---- */

static int keys_order(const void *left, const void *right)
{
    const char *const *a = left;
    const char *const *b = right;

    return strcmp(*a, *b);
}

/* Most keys have a first character of their own among their object's. */
static bool keys_same(const char *a, const char *b)
{
    return a[0] == b[0] && strcmp(a, b) == 0;
}

/* No key twice. Many of them are sorted, so that no sender makes the reader compare them each with each. */
static bool keys_differ(struct reader *r, const struct json *object)
{
    const char **keys;
    size_t count = 0;

    if (object->len <= READ_KEYS_PAIRWISE) {
        for (const struct json *m = object->first; m != NULL; m = m->next)
            for (const struct json *n = m->next; n != NULL; n = n->next)
                if (keys_same(m->key, n->key))
                    return read_fail(r, "a key twice in an object") != NULL;
        return true;
    }
    keys = arena_array(r->a, object->len, sizeof *keys);
    if (keys == NULL)
        return read_full(r) != NULL;
    for (const struct json *m = object->first; m != NULL; m = m->next)
        keys[count++] = m->key;
    qsort(keys, count, sizeof *keys, keys_order);
    for (size_t i = 1; i < count; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            return read_fail(r, "a key twice in an object") != NULL;
    return true;
}

static struct json *read_member(struct reader *r, bool object, unsigned depth)
{
    const char *key = NULL;
    size_t len = 0;

    if (!object)
        return read_value(r, NULL, depth);
    read_blanks(r);
    if (!read_char(r, '"'))
        return read_fail(r, "a member without a key");
    key = read_text(r, &len);
    if (key == NULL)
        return NULL;
    read_blanks(r);
    if (!read_char(r, ':'))
        return read_fail(r, "a key without its colon");
    return read_value(r, key, depth);
}

/* Behind the opening bracket. */
static struct json *read_children(struct reader *r, struct json *node, char close, unsigned depth)
{
    const struct json **tail = &node->first;
    const bool object = close == '}';

    node->type = object ? JNODE_OBJECT : JNODE_ARRAY;
    read_blanks(r);
    if (read_char(r, close))
        return node;
    do {
        struct json *child = read_member(r, object, depth + 1);

        if (child == NULL)
            return NULL;
        *tail = child;
        tail = &child->next;
        node->len++;
        read_blanks(r);
    } while (read_char(r, ','));
    if (!read_char(r, close))
        return read_fail(r, "a list or an object without its end");
    return !object || keys_differ(r, node) ? node : NULL;
}

static bool read_word(struct reader *r, const char *word)
{
    const size_t len = strlen(word);

    if ((size_t)(r->end - r->at) < len || memcmp(r->at, word, len) != 0)
        return false;
    r->at += len;
    /* "nullx" is another word. */
    return r->at == r->end ||
           !((*r->at >= 'a' && *r->at <= 'z') || (*r->at >= 'A' && *r->at <= 'Z'));
}

static struct json *read_value(struct reader *r, const char *key, unsigned depth)
{
    struct json *node;

    if (depth > JSON_DEPTH_MAX)
        return read_fail(r, "nested too deep");
    node = arena_alloc(r->a, sizeof *node);
    if (node == NULL)
        return read_full(r);
    node->key = key;
    read_blanks(r);
    if (read_char(r, '"')) {
        node->type = JNODE_STRING;
        node->text = read_text(r, &node->len);
        return node->text == NULL ? NULL : node;
    }
    if (read_char(r, '{'))
        return read_children(r, node, '}', depth);
    if (read_char(r, '['))
        return read_children(r, node, ']', depth);
    if (read_word(r, "true") || read_word(r, "false")) {
        node->type = JNODE_BOOL;
        node->integer = r->at[-1] == 'e' && r->at[-2] == 'u' ? 1 : 0;
        return node;
    }
    if (read_word(r, "null"))
        return node;
    return read_number(r, node);
}

enum err json_parse(struct arena *a, const char *text, size_t len, size_t max_bytes,
                    const struct json **out, struct why *why)
{
    struct reader r = { .a = a };
    struct json *node;
    char *copy;
    int line = 1;

    if (len > max_bytes)
        return why_set(why, ERR_LIMIT, 0, "JSON of %zu bytes, the maximum is %zu", len, max_bytes);
    copy = arena_strndup(a, text, len);
    if (copy == NULL)
        return why_set(why, ERR_NOMEM, 0, "JSON of %zu bytes: no memory", len);
    r.at = copy;
    r.end = copy + len;
    node = read_value(&r, NULL, 0);
    if (node != NULL) {
        read_blanks(&r);
        if (r.at != r.end)
            (void)read_fail(&r, "more behind its end");
    }
    if (r.fault == NULL) {
        *out = node;
        return ERR_OK;
    }
    if (r.full)
        return why_set(why, ERR_NOMEM, 0, "JSON of %zu bytes: no memory", len);
    for (const char *c = text; c < text + (r.at - copy); c++)
        line += *c == '\n' ? 1 : 0;
    return why_set(why, ERR_INPUT, 0, "JSON line %d, byte %zu: %s", line, (size_t)(r.at - copy),
                   r.fault);
}
