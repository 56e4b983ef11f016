/* Words become runs. What stands low or high is found here: `H~2~O`, `m^3^`, and the characters
   that Unicode has for a few of them, so that all of them look the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/doc_build.h"

enum { SCRIPT_MAX = 24 }; /* bytes between ~ and ~; anything longer is no index */

static unsigned runs_style(const struct doc_build *b)
{
    return (b->bold > 0 ? DOC_BOLD : 0U) | (b->italic > 0 ? DOC_ITALIC : 0U) |
           (b->mono > 0 ? DOC_MONO : 0U) | (b->href != NULL ? DOC_LINK : 0U) | b->script;
}

/* Text joins the run before it when that looks the same; each run's text ends with a NUL. */
static void runs_fill(struct doc_build *b, const char *text, size_t len)
{
    struct doc_block *block = doc_block_now(b);
    struct doc_run *last = block->run_count > 0 ? &block->runs[block->run_count - 1] : NULL;

    assert(block->runs != NULL);
    if (!b->split && last != NULL && last->style == runs_style(b) && last->href == b->href) {
        b->bytes--; /* its NUL is written over */
        last->len += len;
    } else {
        block->runs[block->run_count++] = (struct doc_run){
            .text = b->text + b->bytes,
            .len = len,
            .style = runs_style(b),
            .href = b->href,
        };
        b->run_count++;
    }
    memcpy(b->text + b->bytes, text, len);
    b->text[b->bytes + len] = '\0';
    b->bytes += len + 1;
    b->split = false;
}

static void runs_append(struct doc_build *b, const char *text, size_t len)
{
    if (len == 0)
        return;
    if (b->fill) {
        runs_fill(b, text, len);
        return;
    }
    /* An upper bound: joined runs need less. */
    b->run_count++;
    b->bytes += len + 1;
}

static void runs_script(struct doc_build *b, unsigned script, const char *text, size_t len)
{
    b->script = script;
    runs_append(b, text, len);
    b->script = 0;
}

/* The words between two marks; `10^-3^` means a minus too. */
static void runs_marks(struct doc_build *b, unsigned script, const char *text, size_t len)
{
    static const char minus[] = "\xe2\x88\x92";
    size_t sign = len > 1 && text[0] == '-' && text[1] >= '0' && text[1] <= '9' ? 1 : 0;

    if (sign > 0)
        runs_script(b, script, minus, sizeof minus - 1);
    runs_script(b, script, text + sign, len - sign);
}

/* A character that stands low or high in Unicode; 0: an ordinary one. A minus is no hyphen: of three in 10⁻³ the
   reader must not overlook it. */
static unsigned runs_unicode(uint32_t code, uint32_t *out)
{
    static const uint32_t low[] = { '0', '1', '2', '3',    '4', '5', '6', '7',
                                    '8', '9', '+', 0x2212, '=', '(', ')' };
    static const struct {
        uint32_t code;
        uint32_t plain;
    } high[] = {
        { 0xb9, '1' }, { 0xb2, '2' }, { 0xb3, '3' }, { 0x207f, 'n' }, { 0x2071, 'i' },
    };

    if (code >= 0x2080 && code <= 0x208e) {
        *out = low[code - 0x2080];
        return DOC_SUB;
    }
    if (code == 0x2070 || (code >= 0x2074 && code <= 0x207e)) {
        *out = low[code - 0x2070];
        return DOC_SUP;
    }
    for (size_t i = 0; i < COUNT_OF(high); i++)
        if (high[i].code == code) {
            *out = high[i].plain;
            return DOC_SUP;
        }
    return 0;
}

/* The bytes between this mark and its partner; 0: it is only a character. */
static size_t runs_marked(const char *text, size_t len)
{
    for (size_t n = 1; n < len && n <= SCRIPT_MAX + 1; n++) {
        if (text[n] == text[0])
            return n > 1 ? n - 1 : 0;
        if (strchr(" \t\n~^", text[n]) != NULL)
            return 0;
    }
    return 0;
}

void doc_runs_text(struct doc_build *b, const char *text, size_t len, bool escaped, bool verbatim)
{
    size_t done = 0;
    size_t at = escaped && len > 0 ? 1 : 0;

    while (at < len && !verbatim) {
        size_t next = at;
        size_t marked = 0;
        uint32_t plain = 0;
        char bytes[4];
        unsigned script = 0;

        if (text[at] == '~' || text[at] == '^') {
            marked = runs_marked(text + at, len - at);
            script = text[at] == '~' ? DOC_SUB : DOC_SUP;
            for (next = at + 1; next < len && text[next] == text[at];)
                next++; /* several in a row are no mark */
        } else {
            script = runs_unicode(utf8_next(text, len, &next), &plain);
        }
        if (marked > 0) {
            runs_append(b, text + done, at - done);
            runs_marks(b, script, text + at + 1, marked);
            done = next = at + marked + 2;
        } else if (plain != 0) {
            runs_append(b, text + done, at - done);
            runs_script(b, script, bytes, utf8_put(bytes, plain));
            done = next;
        }
        at = next;
    }
    runs_append(b, text + done, len - done);
}

static uint32_t runs_entity_named(const char *text, size_t len)
{
    static const struct {
        const char *name;
        uint32_t code;
    } names[] = {
        { "amp", '&' },       { "lt", '<' },        { "gt", '>' },       { "quot", '"' },
        { "apos", '\'' },     { "nbsp", 0xa0 },     { "copy", 0xa9 },    { "reg", 0xae },
        { "deg", 0xb0 },      { "plusmn", 0xb1 },   { "micro", 0xb5 },   { "middot", 0xb7 },
        { "frac14", 0xbc },   { "frac12", 0xbd },   { "frac34", 0xbe },  { "times", 0xd7 },
        { "divide", 0xf7 },   { "eacute", 0xe9 },   { "egrave", 0xe8 },  { "pound", 0xa3 },
        { "euro", 0x20ac },   { "sect", 0xa7 },     { "para", 0xb6 },    { "laquo", 0xab },
        { "raquo", 0xbb },    { "ndash", 0x2013 },  { "mdash", 0x2014 }, { "lsquo", 0x2018 },
        { "rsquo", 0x2019 },  { "ldquo", 0x201c },  { "rdquo", 0x201d }, { "bull", 0x2022 },
        { "hellip", 0x2026 }, { "permil", 0x2030 }, { "prime", 0x2032 }, { "Prime", 0x2033 },
        { "trade", 0x2122 },  { "ohm", 0x3a9 },     { "larr", 0x2190 },  { "uarr", 0x2191 },
        { "rarr", 0x2192 },   { "darr", 0x2193 },   { "harr", 0x2194 },  { "rlhar", 0x21cc },
        { "part", 0x2202 },   { "minus", 0x2212 },  { "radic", 0x221a }, { "infin", 0x221e },
        { "sdot", 0x22c5 },   { "asymp", 0x2248 },  { "ne", 0x2260 },    { "le", 0x2264 },
        { "ge", 0x2265 },     { "alpha", 0x3b1 },   { "beta", 0x3b2 },   { "gamma", 0x3b3 },
        { "delta", 0x3b4 },   { "theta", 0x3b8 },   { "lambda", 0x3bb }, { "mu", 0x3bc },
        { "pi", 0x3c0 },      { "rho", 0x3c1 },     { "sigma", 0x3c3 },  { "omega", 0x3c9 },
        { "Gamma", 0x393 },   { "Delta", 0x394 },   { "Theta", 0x398 },  { "Omega", 0x3a9 },
        { "Sigma", 0x3a3 },   { "ohgr", 0x3c9 },    { "sup1", 0xb9 },    { "sup2", 0xb2 },
        { "sup3", 0xb3 },     { "check", 0x2713 },  { "cross", 0x2717 }, { "ensp", 0x2002 },
        { "emsp", 0x2003 },   { "thinsp", 0x2009 }, { "shy", 0xad },
    };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strlen(names[i].name) + 2 == len && memcmp(names[i].name, text + 1, len - 2) == 0)
            return names[i].code;
    return 0;
}

static uint32_t runs_entity_code(const char *text, size_t len)
{
    unsigned long code;
    char digits[10];

    if (len < 4 || text[1] != '#')
        return runs_entity_named(text, len);
    if (len - 3 >= sizeof(digits))
        return 0;
    memcpy(digits, text + 2, len - 3);
    digits[len - 3] = '\0';
    code = digits[0] == 'x' || digits[0] == 'X' ? strtoul(digits + 1, NULL, 16)
                                                : strtoul(digits, NULL, 10);
    if (code < 32 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) ||
        doc_char_hidden((uint32_t)code))
        return 0;
    return (uint32_t)code;
}

void doc_runs_entity(struct doc_build *b, const char *text, size_t len)
{
    uint32_t code = runs_entity_code(text, len);
    char decoded[4];

    if (code == 0)
        runs_append(b, text, len);
    else
        doc_runs_text(b, decoded, utf8_put(decoded, code), code < 0x80, false);
}
