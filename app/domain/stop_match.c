#include "app/domain/stop.h"

/* Texts of people against texts of makers: the same, another, or nobody can tell. */

#include <string.h>

#include "app/domain/expr_lex.h"
#include "platform/base/str.h"

enum {
    TEXT_MAX = 512,
    HELD_MIN = 3,  /* characters: shorter ones stand in too many others */
    SLIP_MIN = 5,  /* letters: of shorter ones a few may well make another name */
    SLIPS = 2,     /* edits; two letters that changed places are two */
    SHORT_MIN = 4, /* letters of a name without a number, of which one slip is allowed for */
    WORD_MIN = 4,  /* letters of a word by which a maker is known */
    WORDS_MAX = 12
};

/* One text as it is compared. */
struct plain {
    char text[TEXT_MAX];
    size_t len;
    bool beyond; /* it has letters that are not ASCII */
};

static bool letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c >= 0x80;
}

static bool digit(unsigned char c)
{
    return c >= '0' && c <= '9';
}

static char lowered(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* bones: without vowels, and without what is not ASCII. */
static void plain_of(struct plain *out, const char *text, bool bones)
{
    out->len = 0;
    out->beyond = false;
    for (const char *t = text == NULL ? "" : text; *t != '\0' && out->len < TEXT_MAX - 1; t++) {
        const unsigned char c = (unsigned char)*t;

        if (c >= 0x80)
            out->beyond = true;
        if (!(letter(c) || digit(c)) ||
            (bones && (c >= 0x80 || strchr("aeiou", lowered(*t)) != NULL)))
            continue;
        out->text[out->len++] = lowered(*t);
    }
    out->text[out->len] = '\0';
}

bool stop_unknown(const char *text)
{
    static const char *const nothing[] = { "",      "na",      "none",  "nil",  "tbc",
                                           "other", "various", "mixed", "misc", "generic" };
    /* Wherever in the text they stand. */
    static const char *const doubts[] = { "unknown",   "notknown", "dontknow",  "illegible",
                                          "unreadabl", "unclear",  "notsure",   "unsure",
                                          "missing",   "wornoff",  "wornaway",  "noplate",
                                          "nolabel",   "unmarked", "notmarked", "unbranded",
                                          "noname",    "notgiven", "notstated", "notlegible" };
    struct plain p;

    plain_of(&p, text, false);
    for (size_t i = 0; i < COUNT_OF(nothing); i++)
        if (strcmp(p.text, nothing[i]) == 0)
            return true;
    for (size_t i = 0; i < COUNT_OF(doubts); i++)
        if (strstr(p.text, doubts[i]) != NULL)
            return true;
    return false;
}

/* «Harris?», «A1*0»: who wrote it was not sure of it. */
static bool doubtful(const char *text)
{
    return text != NULL && strpbrk(text, "?*") != NULL;
}

/* The digits of a text, or its letters, one after the other. */
static void plain_sort(const struct plain *p, bool digits, char out[TEXT_MAX])
{
    size_t len = 0;

    for (size_t i = 0; i < p->len; i++)
        if (digit((unsigned char)p->text[i]) == digits)
            out[len++] = p->text[i];
    out[len] = '\0';
}

/* Whether a slip of the keys may have made one of the other: never in a number, as that makes another model. */
static bool plain_slip(const struct plain *x, const struct plain *y)
{
    char one[TEXT_MAX];
    char other[TEXT_MAX];
    size_t least;
    bool number;

    plain_sort(x, true, one);
    plain_sort(y, true, other);
    if (strcmp(one, other) != 0)
        return false;
    number = one[0] != '\0';
    plain_sort(x, false, one);
    plain_sort(y, false, other);
    least = strlen(one) < strlen(other) ? strlen(one) : strlen(other);
    if (least >= SLIP_MIN)
        return text_distance(one, other, SLIPS) <= SLIPS;
    return !number && least + 1 >= SHORT_MIN &&
           (strlen(one) >= SHORT_MIN || strlen(other) >= SHORT_MIN) &&
           text_distance(one, other, 1) <= 1;
}

/* Signs that are taken for one another on a worn plate: O and 0, I, l and 1, S and 5, B and 8, Z and 2. */
static bool plain_alike(const struct plain *x, const struct plain *y)
{
    static const char from[] = "oilsbz";
    static const char to[] = "011582";

    if (x->len != y->len)
        return false;
    for (size_t i = 0; i < x->len; i++) {
        const char *at = strchr(from, x->text[i]);
        const char *other = strchr(from, y->text[i]);

        if ((at == NULL ? x->text[i] : to[at - from]) !=
            (other == NULL ? y->text[i] : to[other - from]))
            return false;
    }
    return true;
}

/* «30» for «PSU-30»: a number alone, which is the other's number. */
static bool plain_number(const struct plain *x, const struct plain *y)
{
    char one[TEXT_MAX];
    char other[TEXT_MAX];

    plain_sort(x, true, one);
    plain_sort(y, true, other);
    return one[0] != '\0' && strcmp(one, other) == 0 &&
           (strlen(one) == x->len || strlen(other) == y->len);
}

static bool plain_holds(const struct plain *x, const struct plain *y)
{
    const struct plain *shorter = x->len < y->len ? x : y;
    const struct plain *longer = x->len < y->len ? y : x;

    return memcmp(longer->text, shorter->text, shorter->len) == 0 ||
           (shorter->len >= HELD_MIN && strstr(longer->text, shorter->text) != NULL);
}

enum stop_match stop_text(const char *named, const char *known)
{
    struct plain x;
    struct plain y;
    bool beyond;

    if (stop_unknown(known) || doubtful(known))
        return STOP_MAYBE;
    plain_of(&x, named, false);
    plain_of(&y, known, false);
    beyond = x.beyond || y.beyond;
    if (x.len == y.len && memcmp(x.text, y.text, x.len) == 0)
        return STOP_IN;
    if (plain_holds(&x, &y) || plain_slip(&x, &y) || plain_alike(&x, &y) || plain_number(&x, &y))
        return STOP_MAYBE;
    if (!beyond)
        return STOP_OUT;
    plain_of(&x, named, true);
    plain_of(&y, known, true);
    return strcmp(x.text, y.text) == 0 ? STOP_MAYBE : STOP_OUT;
}

/* ---- makers ---- */

/* Words of which many makers have one. */
static bool word_common(const char *word)
{
    static const char *const common[] = {
        "limited",       "company",     "corporation", "group",        "gmbh",
        "scientific",    "science",     "sciences",    "education",    "educational",
        "school",        "schools",     "laboratory",  "laboratories", "labs",
        "instrument",    "instruments", "electric",    "electrical",   "electronic",
        "electronics",   "equipment",   "supply",      "supplies",     "system",
        "systems",       "product",     "products",    "technology",   "technologies",
        "international", "industry",    "industries",  "engineering",  "tools",
        "services",      "service",     "maker",       "makers",       "works",
        "manufacturing", "brothers",    "bros",        "sons",         "with",
    };

    for (size_t i = 0; i < COUNT_OF(common); i++)
        if (strcmp(word, common[i]) == 0)
            return true;
    return false;
}

/* The words of a name, each as it is compared. */
static size_t words_of(const char *text, char out[WORDS_MAX][TEXT_MAX])
{
    size_t count = 0;

    for (const char *at = text == NULL ? "" : text; *at != '\0' && count < WORDS_MAX;) {
        size_t len = 0;

        while (letter((unsigned char)*at) && len < TEXT_MAX - 1)
            out[count][len++] = lowered(*at++);
        out[count][len] = '\0';
        count += len > 0 ? 1 : 0;
        if (len == 0)
            at++;
    }
    return count;
}

/* «PH» for «Philip Harris». */
static bool words_initials(const char *shorter, char words[WORDS_MAX][TEXT_MAX], size_t count)
{
    struct plain p;
    size_t len = 0;

    plain_of(&p, shorter, false);
    for (size_t i = 0; i < count; i++)
        if (!word_common(words[i]) && strcmp(words[i], "and") != 0) {
            if (len >= p.len || p.text[len] != words[i][0])
                return false;
            len++;
        }
    return len >= 2 && len == p.len;
}

/* «Harris, Philip» is nobody else than «Philip Harris», though it may be a cousin. */
enum stop_match stop_maker(const char *named, const char *known)
{
    char one[WORDS_MAX][TEXT_MAX];
    char other[WORDS_MAX][TEXT_MAX];
    size_t one_count;
    size_t other_count;
    enum stop_match m = stop_text(named, known);

    if (m != STOP_OUT)
        return m;
    one_count = words_of(named, one);
    other_count = words_of(known, other);
    for (size_t i = 0; i < one_count; i++)
        for (size_t k = 0; k < other_count; k++)
            if (strlen(one[i]) >= WORD_MIN && !word_common(one[i]) && strcmp(one[i], other[k]) == 0)
                return STOP_MAYBE;
    return words_initials(named, other, other_count) || words_initials(known, one, one_count)
               ? STOP_MAYBE
               : STOP_OUT;
}

/* ---- serial numbers ---- */

struct run {
    const char *at; /* of digits: without the noughts before them */
    size_t len;
    bool digits;
};
struct runs {
    struct run all[STOP_RUNS_MAX];
    size_t count;
    bool many; /* more than can be told apart */
};

static void runs_of(struct runs *out, const char *text)
{
    out->count = 0;
    out->many = false;
    for (const char *t = text == NULL ? "" : text; *t != '\0';) {
        const bool digits = digit((unsigned char)*t);
        struct run *run = &out->all[out->count];
        const char *end = t;

        if (!digits && !letter((unsigned char)*t)) {
            t++;
            continue;
        }
        if (out->count == STOP_RUNS_MAX) {
            out->many = true;
            return;
        }
        while (digits ? digit((unsigned char)*end) : letter((unsigned char)*end))
            end++;
        while (digits && *t == '0' && t + 1 < end)
            t++;
        *run = (struct run){ .at = t, .len = (size_t)(end - t), .digits = digits };
        out->count++;
        t = end;
    }
}

/* Of the same sorts of runs, and as many letters in each. */
static bool runs_alike(const struct runs *x, const struct runs *y)
{
    if (x->many || y->many || x->count != y->count || x->count == 0)
        return false;
    for (size_t i = 0; i < x->count; i++)
        if (x->all[i].digits != y->all[i].digits ||
            (!x->all[i].digits && x->all[i].len != y->all[i].len))
            return false;
    return true;
}

/* Of two that are alike. */
static int runs_order(const struct runs *x, const struct runs *y)
{
    for (size_t i = 0; i < x->count; i++) {
        const struct run *one = &x->all[i];
        const struct run *other = &y->all[i];

        if (one->len != other->len)
            return one->len < other->len ? -1 : 1;
        for (size_t k = 0; k < one->len; k++) {
            const unsigned char c = (unsigned char)lowered(one->at[k]);
            const unsigned char d = (unsigned char)lowered(other->at[k]);

            if (c != d)
                return c < d ? -1 : 1;
        }
    }
    return 0;
}

/* «000» stands in a list for a number that nobody had. */
static bool runs_nought(const struct runs *r)
{
    return r->count == 1 && r->all[0].len == 1 && r->all[0].at[0] == '0';
}

bool stop_range_fits(const struct stop_range *range)
{
    struct runs from;
    struct runs to;

    runs_of(&from, range->from);
    runs_of(&to, range->to);
    return runs_alike(&from, &to) && runs_order(&from, &to) <= 0;
}

enum stop_match stop_serial(const struct stop_range *range, const char *known)
{
    struct runs from;
    struct runs to;
    struct runs it;

    runs_of(&from, range->from);
    runs_of(&to, range->to);
    runs_of(&it, known);
    if (stop_unknown(known) || doubtful(known) || runs_nought(&it) || !runs_alike(&from, &it) ||
        !runs_alike(&to, &it))
        return STOP_MAYBE;
    return runs_order(&from, &it) <= 0 && runs_order(&it, &to) <= 0 ? STOP_IN : STOP_OUT;
}
