#include "app/store/find_words.h"

#include <stdint.h>
#include <string.h>

#include "platform/base/str.h"

/* ---- cutting ---- */

/* U+00C0 to U+017F, a letter each; '\1' is no letter, '\2' two letters (fold_two). */
static const char fold_latin[] =
    "aaaaaa\2ceeeeiiiidnooooo\1ouuuuy\2\2aaaaaa\2ceeeeiiiidnooooo\1ouuuuy\2y"
    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii\2\2jjkkklllllll"
    "lllnnnnnnnnnoooooo\2\2rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

static const struct {
    uint32_t code;
    const char *text;
} fold_words[] = {
    { 0xb2, "2" },      { 0xb3, "3" },      { 0xb5, "u" },       { 0xb9, "1" },
    { 0xc6, "ae" },     { 0xde, "th" },     { 0xdf, "ss" },      { 0xe6, "ae" },
    { 0xfe, "th" },     { 0x132, "ij" },    { 0x133, "ij" },     { 0x152, "oe" },
    { 0x153, "oe" },    { 0x3a9, "ohm" },   { 0x3b1, "alpha" },  { 0x3b2, "beta" },
    { 0x3b3, "gamma" }, { 0x3b4, "delta" }, { 0x3bb, "lambda" }, { 0x3bc, "u" },
    { 0x3c0, "pi" },    { 0x3c9, "omega" }, { 0x2126, "ohm" },
};

/* Dropped inside a word: apostrophes, soft hyphen, accents that stand alone, signs of ions. */
static bool fold_nothing(uint32_t c)
{
    return c == '\'' || c == 0x2018 || c == 0x2019 || c == 0xad || (c >= 0x300 && c <= 0x36f) ||
           (c >= 0x207a && c <= 0x207e) || (c >= 0x208a && c <= 0x208e);
}

/* What a character is in a word; NULL when it ends one. */
static const char *fold(uint32_t c, const char *raw, size_t raw_len, char out[8])
{
    out[0] = '\0';
    if (c < 0x80) {
        bool upper = c >= 'A' && c <= 'Z';

        if (!upper && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9'))
            return fold_nothing(c) ? out : NULL;
        out[0] = (char)(upper ? c - 'A' + 'a' : c);
        out[1] = '\0';
        return out;
    }
    if (fold_nothing(c))
        return out;
    for (size_t i = 0; i < sizeof fold_words / sizeof fold_words[0]; i++) {
        if (fold_words[i].code == c)
            return fold_words[i].text;
    }
    if (c >= 0xc0 && c <= 0x17f && c - 0xc0 < sizeof fold_latin - 1) {
        out[0] = fold_latin[c - 0xc0];
        out[1] = '\0';
        return out[0] > 2 ? out : NULL;
    }
    if (c == 0x2070 || (c >= 0x2074 && c <= 0x2079) || (c >= 0x2080 && c <= 0x2089)) {
        out[0] = (char)('0' + (c & 0xf));
        out[1] = '\0';
        return out;
    }
    if (c < 0xc0 || (c >= 0x2000 && c <= 0x2bff) || (c >= 0x3000 && c <= 0x303f) ||
        (c >= 0xe000 && c <= 0xf8ff) || c == 0xfffd)
        return NULL;
    memcpy(out, raw, raw_len);
    out[raw_len] = '\0';
    return out;
}

static bool all_digits(const char *text)
{
    return text[0] != '\0' && strspn(text, "0123456789.") == strlen(text);
}

bool find_word_next(const char *text, size_t len, size_t *pos, struct find_word *out)
{
    size_t used = 0;
    size_t at = *pos;

    out->from = at;
    out->cut = false;
    out->text[0] = '\0';
    while (at < len) {
        char one[8];
        size_t next = at;
        uint32_t c = utf8_next(text, len, &next);
        const char *part = fold(c, text + at, next - at, one);
        /* 0.1 and 10% are one word each. */
        bool number = used > 0 && all_digits(out->text);

        if (number && c == '.' && next < len && text[next] >= '0' && text[next] <= '9')
            part = ".";
        else if (number && c == '%')
            part = "%";
        if (part == NULL && used > 0)
            break;
        if (part != NULL && part[0] != '\0') {
            if (used == 0)
                out->from = at;
            if (used + strlen(part) < FIND_WORD_MAX) {
                memcpy(out->text + used, part, strlen(part) + 1);
                used += strlen(part);
            } else {
                out->cut = true;
            }
            out->to = next;
        }
        at = next;
    }
    *pos = at;
    return used > 0;
}

size_t find_word_bytes(const char *text, size_t len, size_t folded)
{
    size_t at = 0;
    size_t used = 0;

    while (at < len && used < folded) {
        char one[8];
        size_t from = at;
        uint32_t c = utf8_next(text, len, &at);
        const char *part = fold(c, text + from, at - from, one);

        used += part == NULL ? 1 : strlen(part);
    }
    return at;
}

/* ---- spellings ---- */

struct respell {
    const char *from, *to;
};

static const struct respell respell_pairs[] = {
    { "ph", "f" }, { "ae", "e" }, { "oe", "e" },  { "ck", "k" },  { "ou", "o" },  { "wh", "w" },
    { "rh", "r" }, { "qu", "k" }, { "ce", "se" }, { "ci", "si" }, { "cy", "si" },
};

static char respell_one(char c)
{
    switch (c) {
    case 'z':
        return 's';
    case 'c':
    case 'q':
        return 'k';
    case 'y':
        return 'i';
    default:
        return c;
    }
}

/* Never longer than what they stand for. */
static const struct respell odd_plurals[] = {
    { "leaves", "leaf" }, { "halves", "half" },           { "knives", "knife" },
    { "mice", "mous" },   { "bacteria", "bacteri" },      { "bacterium", "bacteri" },
    { "fungi", "fung" },  { "fungus", "fung" },           { "shelves", "shelf" },
    { "mouse", "mous" },  { "apparatuses", "apparatus" },
};

/* A plural's end taken off: -ies to -y, -ches, -shes, -xes and -sses, and a plain -s. */
static size_t singular(char *word, size_t len)
{
    for (size_t i = 0; i < sizeof odd_plurals / sizeof odd_plurals[0]; i++) {
        if (str_eq(word, odd_plurals[i].from)) {
            (void)str_copy(word, FIND_WORD_MAX, odd_plurals[i].to);
            return strlen(word);
        }
    }
    if (len < 4 || word[len - 1] != 's' || strspn(word, "0123456789.") > 0)
        return len;
    if (len > 4 && str_ends(word, "ies")) {
        word[len - 3] = 'y';
        len -= 2;
    } else if (len > 4 && (str_ends(word, "ches") || str_ends(word, "shes") ||
                           str_ends(word, "xes") || str_ends(word, "sses"))) {
        len -= 2;
    } else if (word[len - 2] != 's' && word[len - 2] != 'u' && word[len - 2] != 'i') {
        len--;
    }
    word[len] = '\0';
    return len;
}

void find_key(const char *word, bool open, char out[FIND_WORD_MAX])
{
    char plain[FIND_WORD_MAX];
    size_t len = strlen(word);
    size_t used = 0;

    (void)str_copy(plain, sizeof plain, word);
    if (!open)
        len = singular(plain, len);
    for (size_t i = 0; i < len;) {
        size_t step = 1;
        char next[3] = { respell_one(plain[i]), '\0', '\0' };

        for (size_t p = 0; p < sizeof respell_pairs / sizeof respell_pairs[0]; p++) {
            if (plain[i] == respell_pairs[p].from[0] && plain[i + 1] == respell_pairs[p].from[1]) {
                (void)str_copy(next, sizeof next, respell_pairs[p].to);
                step = 2;
                break;
            }
        }
        for (const char *c = next; *c != '\0'; c++) {
            bool digit = *c >= '0' && *c <= '9';

            /* Digits are not doubled by mistake: 100 is not 10. */
            if (used == 0 || out[used - 1] != *c || digit)
                out[used++] = *c;
        }
        i += step;
    }
    out[used] = '\0';
}

enum { STEM_AT_MIN = 7 };

size_t find_stem(const char *key)
{
    static const char *const ends[] = { "ing", "ion", "ed", "er", "or", "al", "ik", "e", "i" };
    size_t len = strlen(key);
    size_t stem = len;

    if (strspn(key, "0123456789.") > 0)
        return len;
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        size_t n = strlen(ends[i]);

        if (len >= n + 4 && memcmp(key + len - n, ends[i], n) == 0) {
            stem = len - n;
            break;
        }
    }
    /* neutralis-ation and neutralis-e; but nitrat-e is no nitr-ic, nor sulfat-e sulf-ur. */
    if (stem >= STEM_AT_MIN && memcmp(key + stem - 2, "at", 2) == 0)
        stem -= 2;
    return stem;
}

/* ---- slips ---- */

static bool rest_same(const char *a, const char *b, bool open)
{
    return open ? str_starts(b, a) : str_eq(a, b);
}

bool find_slip(const char *a, const char *b, bool open)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    if (*a == '\0')
        return open || b[0] == '\0' || b[1] == '\0';
    if (rest_same(a + 1, b, open))
        return true;
    if (*b == '\0')
        return false;
    return rest_same(a + 1, b + 1, open) || rest_same(a, b + 1, open) ||
           (a[1] != '\0' && a[0] == b[1] && a[1] == b[0] && rest_same(a + 2, b + 2, open));
}

bool find_two_slips(const char *a, const char *b)
{
    while (*a != '\0' && *a == *b) {
        a++;
        b++;
    }
    if (*a == '\0' || *b == '\0')
        return strlen(a) + strlen(b) <= 2;
    return find_slip(a + 1, b, false) || find_slip(a + 1, b + 1, false) ||
           find_slip(a, b + 1, false) ||
           (a[1] != '\0' && a[0] == b[1] && a[1] == b[0] && find_slip(a + 2, b + 2, false));
}

/* ---- words that say little ---- */

bool find_is_stop(const char *word)
{
    static const char stops[] =
        " a about allowed an and any are as at be best by can could did do does "
        "for from get give happens had has have how i if"
        " in into is it its made make making many me much my need needs of off on or our please "
        "should show so some tell than that"
        " the their them then there these they this those to up using want "
        "was we were what when where"
        " whats which who whos why will with would you your ";
    char key[FIND_WORD_MAX + 2];

    (void)str_format(key, sizeof key, " %s ", word);
    return strstr(stops, key) != NULL;
}

/* ---- concentrations ---- */

static const struct {
    const char *words, *unit;
} conc_units[] = {
    { "m", "mol/l" },       { "mol l", "mol/l" }, { "mol l 1", "mol/l" }, { "mol dm 3", "mol/l" },
    { "mol dm3", "mol/l" }, { "moll", "mol/l" },  { "molar", "mol/l" },   { "moles", "mol/l" },
    { "mol", "mol/l" },     { "moll1", "mol/l" }, { "moldm3", "mol/l" },  { "%", "%" },
    { "percent", "%" },     { "vol", "vol" },     { "volume", "vol" },    { "volumes", "vol" },
};

enum { CONC_WORDS_MAX = 4 /* "mol dm 3" behind its number */ };

/* The number at the beginning of a word, and what stands behind it. */
static bool conc_number(const char *word, double *out, const char **rest)
{
    char digits[FIND_WORD_MAX];
    size_t n = strspn(word, "0123456789.");

    if (n == 0 || n > 8)
        return false;
    memcpy(digits, word, n);
    digits[n] = '\0';
    *rest = word + n;
    return str_to_f64(digits, out);
}

/* How many words make the longest unit that begins with the rest of a number's word; 0: none does. */
static size_t conc_unit(const struct find_word *words, size_t count, const char *rest,
                        const char **out)
{
    char said[2 * FIND_WORD_MAX] = "";
    size_t best = 0;

    (void)str_copy(said, sizeof said, rest);
    for (size_t n = 0; n < count && n < CONC_WORDS_MAX; n++) {
        size_t len = strlen(said);

        if (n > 0)
            (void)str_format(said + len, sizeof said - len, "%s%s", len > 0 ? " " : "",
                             words[n].text);
        for (size_t u = 0; u < sizeof conc_units / sizeof conc_units[0]; u++) {
            if (!str_eq(said, conc_units[u].words))
                continue;
            best = n + 1;
            *out = conc_units[u].unit;
        }
    }
    return best;
}

bool find_conc(const struct find_word *words, size_t count, struct find_conc *out)
{
    for (size_t i = 0; i < count; i++) {
        const char *rest = "";
        const char *unit = "";
        double value = 0;
        size_t best;

        if (!conc_number(words[i].text, &value, &rest))
            continue;
        best = conc_unit(words + i, count - i, rest, &unit);
        if (best == 0)
            continue;
        *out = (struct find_conc){ .value = value, .at = i, .count = best };
        (void)str_format(out->text, sizeof out->text, "%g %s", value, unit);
        return true;
    }
    return false;
}
