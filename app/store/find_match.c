#include "app/store/find_match.h"

#include <string.h>

#include "platform/base/str.h"

/* What a word has to be worth that is there. */
static const float FITS = 0.7F;

/* SPELLED_MAX: letters that a spelling may have more. */
enum {
    SPELLED_MAX = 3,
    SLIP_MIN = 4,
    SLIP_KEY_MIN = 3,
    OPEN_SLIP_MIN = 5,
    TWO_SLIPS_MIN = 8,
    INNER_OPEN_MIN = 4,
    SPLIT_MIN = 3
};

struct find_term find_term_of(const char *word, char key[FIND_WORD_MAX])
{
    find_key(word, false, key);
    return (struct find_term){ .text = word,
                               .key = key,
                               .letters = find_letters(key),
                               .key_len = (uint8_t)strlen(key),
                               .stem_len = (uint8_t)find_stem(key) };
}

/* ---- one word against another ---- */

static float quality_begun(const struct find_sought *s, const struct find_term *t, size_t *out_len)
{
    size_t len = strlen(s->word.text);

    if (str_starts(t->text, s->word.text)) {
        *out_len = len;
        return s->open ? 0.7F + 0.2F * (float)len / (float)strlen(t->text)
                       : (len >= INNER_OPEN_MIN ? 0.5F : 0.0F);
    }
    /* «cook» does not begin CoCl2, though both sound so: other spellings count when this one has nothing. */
    if (s->slips && s->open && s->open_len >= 2 && len <= strlen(t->text) + SPELLED_MAX &&
        str_starts(t->key, s->open_key)) {
        *out_len = len < strlen(t->text) ? len : strlen(t->text);
        return 0.65F + 0.2F * (float)s->open_len / (float)t->key_len;
    }
    return 0;
}

/* Numbers and formulae are not misspelt into each other: 2m is not 3m. */
static bool has_digit(const char *key)
{
    return strpbrk(key, "0123456789") != NULL;
}

static float quality_slip(const struct find_sought *s, const struct find_term *t)
{
    size_t apart = s->key_len > t->key_len ? s->key_len - t->key_len : t->key_len - s->key_len;
    bool first = s->key[0] == t->key[0];
    size_t len = strlen(s->word.text);
    size_t term_len = strlen(t->text);

    /* A key leaves doubled letters out: «starchzzz» is still no starch. */
    if (len > term_len + 2 || (!s->open && term_len > len + 2))
        return 0;
    if (len < SLIP_MIN || s->key_len < SLIP_KEY_MIN || t->key_len < SLIP_KEY_MIN ||
        has_digit(s->key))
        return 0;
    if (apart <= 1 && find_letter_count(s->letters ^ t->letters) <= 2 &&
        find_slip(s->key, t->key, false))
        return first ? 0.62F : 0.52F;
    if (s->open && s->open_len >= OPEN_SLIP_MIN && t->key_len >= s->open_len - 1 &&
        find_letter_count(s->letters & ~t->letters) <= 1 && find_slip(s->open_key, t->key, true))
        return first ? 0.5F : 0.4F;
    if (s->key_len >= TWO_SLIPS_MIN && apart <= 2 && first &&
        find_letter_count(s->letters ^ t->letters) <= 4 && find_two_slips(s->key, t->key))
        return 0.38F;
    return 0;
}

/* Doubled letters are one in a key, so it forgets how many there were: «zzzz» is no s, nor «mmmmmmmm» an m. */
static bool spelled(const struct find_sought *s, const struct find_term *t)
{
    size_t most = s->key_len <= SPELLED_MAX ? s->key_len - (s->key_len > 0 ? 1 : 0) : SPELLED_MAX;

    return strlen(s->word.text) <= strlen(t->text) + most;
}

float find_quality(const struct find_sought *s, const struct find_term *t, size_t *out_len)
{
    float begun;

    *out_len = SIZE_MAX;
    if (t->text[0] == s->word.text[0] && str_eq(t->text, s->word.text))
        return 1;
    if (t->key_len == s->key_len && memcmp(t->key, s->key, s->key_len) == 0 && spelled(s, t))
        return 0.94F;
    begun = quality_begun(s, t, out_len);
    if (begun > 0.8F)
        return begun;
    if (t->stem_len == s->stem_len && s->stem_len >= 4 &&
        memcmp(t->key, s->key, s->stem_len) == 0) {
        *out_len = SIZE_MAX;
        return 0.82F;
    }
    if (begun > 0)
        return begun;
    *out_len = SIZE_MAX;
    return s->slips ? quality_slip(s, t) : 0;
}

/* ---- what was typed ---- */

static struct find_sought sought(const struct find_word *word, bool open)
{
    struct find_sought s = { .word = *word, .open = open };

    find_key(word->text, false, s.key);
    find_key(word->text, true, s.open_key);
    s.key_len = strlen(s.key);
    s.open_len = strlen(s.open_key);
    s.stem_len = find_stem(s.key);
    s.letters = find_letters(s.key);
    return s;
}

size_t find_term_at(const struct find_term *terms, size_t count, const char *text)
{
    return str_rows_from(terms, count, sizeof *terms, text);
}

/* The first of by_key whose first len letters are not before those of the key; `after`: the first that is past
   them. */
static size_t keyed_from(const struct find_index *x, const char *key, size_t len, bool after)
{
    size_t low = 0;
    size_t high = x->term_count;

    while (low < high) {
        size_t mid = (low + high) / 2;
        int by = strncmp(x->by_key[mid]->key, key, len);

        if (by < 0 || (after && by == 0))
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

size_t find_keyed(const struct find_index *x, const char *key, size_t *out_at)
{
    *out_at = keyed_from(x, key, FIND_WORD_MAX, false);
    return keyed_from(x, key, FIND_WORD_MAX, true) - *out_at;
}

/* Steps of a scan: those that begin with the letters typed, those of its stem (spelt as it or not), those that begin
   as it sounds, and all when slips count. */
enum { SCAN_BEGUN, SCAN_STEM, SCAN_SOUND, SCAN_ALL, SCAN_END };

static void scan_begin(struct find_scan *scan)
{
    const struct find_index *x = scan->x;
    const struct find_sought *s = scan->s;
    bool sound = s->slips && s->open && s->open_len >= 2;

    scan->at = scan->end = 0;
    switch (scan->step) {
    case SCAN_BEGUN:
        scan->at = find_term_at(x->terms, x->term_count, s->word.text);
        scan->end = scan->at; /* as far as they begin so */
        while (scan->end < x->term_count && str_starts(x->terms[scan->end].text, s->word.text))
            scan->end++;
        break;
    case SCAN_STEM:
        scan->at = keyed_from(x, s->key, s->stem_len, false);
        scan->end = keyed_from(x, s->key, s->stem_len, true);
        break;
    case SCAN_SOUND:
        scan->at = sound ? keyed_from(x, s->open_key, s->open_len, false) : 0;
        scan->end = sound ? keyed_from(x, s->open_key, s->open_len, true) : 0;
        break;
    case SCAN_ALL:
        scan->end = s->slips ? x->term_count : 0;
        break;
    default:
        break;
    }
}

struct find_scan find_scan(const struct find_index *x, const struct find_sought *s)
{
    struct find_scan scan = { .x = x, .s = s, .step = SCAN_BEGUN };

    scan_begin(&scan);
    return scan;
}

/* A quick no: no slip brings so many letters in. */
static bool scan_far(const struct find_sought *s, const struct find_term *t)
{
    unsigned most = s->key_len >= TWO_SLIPS_MIN ? 4 : 2;

    return find_letter_count(s->letters & ~t->letters) > most;
}

const struct find_term *find_scan_next(struct find_scan *scan, float *out_quality)
{
    while (scan->step < SCAN_END) {
        while (scan->at < scan->end) {
            bool by_text = scan->step == SCAN_BEGUN || scan->step == SCAN_ALL;
            const struct find_term *t =
                by_text ? &scan->x->terms[scan->at] : scan->x->by_key[scan->at];
            size_t len;

            scan->at++;
            if (scan->step == SCAN_ALL && scan_far(scan->s, t))
                continue;
            *out_quality = find_quality(scan->s, t, &len);
            if (*out_quality > 0)
                return t;
        }
        scan->step++;
        scan_begin(scan);
    }
    return NULL;
}

/* Whether some document has the word, or something that begins so. Most often the one word that stands where it would
   stand says so. */
static bool fits_well(const struct find_sought *s, const struct find_index *x)
{
    float quality = 0;
    size_t len;
    size_t at = find_term_at(x->terms, x->term_count, s->word.text);

    if (at < x->term_count && find_quality(s, &x->terms[at], &len) >= FITS)
        return true;
    for (struct find_scan scan = find_scan(x, s); find_scan_next(&scan, &quality) != NULL;) {
        if (quality >= FITS)
            return true;
    }
    return false;
}

static bool known(const struct find_index *x, const char *text)
{
    size_t at = find_term_at(x->terms, x->term_count, text);

    return at < x->term_count && str_eq(x->terms[at].text, text);
}

/* «fumecupboard» is fume and cupboard, where documents have both and not the whole. */
static bool split(const struct find_index *x, const struct find_word *word, struct find_word out[2])
{
    size_t len = strlen(word->text);

    for (size_t cut = SPLIT_MIN; cut + SPLIT_MIN <= len; cut++) {
        out[0] = *word;
        out[1] = *word;
        out[0].text[cut] = '\0';
        (void)str_copy(out[1].text, sizeof out[1].text, word->text + cut);
        if (known(x, out[0].text) && known(x, out[1].text) && !find_is_stop(out[0].text) &&
            !find_is_stop(out[1].text))
            return true;
    }
    return false;
}

/* Words of somebody who wants to be told whom to turn to. */
static bool says_who(const char *word)
{
    static const char *const words[] = { "who",  "whos", "contact", "contacts", "phone",  "email",
                                         "ring", "rep",  "reps",    "adviser",  "advisor" };

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq(words[i], word))
            return true;
    }
    return false;
}

/* What somebody would have to say alone to mean it: if all words are minor, none is. */
static void mark_minor(struct find_query *q)
{
    size_t minor = 0;

    for (size_t i = 0; i < q->count; i++) {
        bool conc = q->has_conc && i >= q->conc.at && i < q->conc.at + q->conc.count;

        q->who = q->who || says_who(q->words[i].word.text);
        q->words[i].minor = conc || find_is_stop(q->words[i].word.text);
        minor += q->words[i].minor ? 1 : 0;
    }
    for (size_t i = 0; i < q->count && minor == q->count; i++)
        q->words[i].minor = false;
}

void find_query_read(struct find_query *q, const char *typed, const struct find_index *x)
{
    struct find_word words[FIND_TYPED_MAX];
    size_t len = strlen(typed);
    size_t pos = 0;
    size_t count = 0;

    *q = (struct find_query){ .count = 0 };
    while (count < FIND_TYPED_MAX && find_word_next(typed, len, &pos, &words[count]))
        count += words[count].cut ? 0 : 1; /* no document has a word so long */
    q->has_conc = find_conc(words, count, &q->conc);
    for (size_t i = 0; i < count; i++) {
        bool open = words[i].to == len;

        q->words[i] = sought(&words[i], open);
    }
    q->count = count;
    mark_minor(q);
    for (size_t i = 0; i < q->count && x != NULL; i++) {
        struct find_word two[2];

        if (q->words[i].minor)
            continue;
        q->words[i].fits = fits_well(&q->words[i], x);
        if (q->words[i].fits)
            continue;
        q->words[i].slips = true;
        if (q->count == FIND_TYPED_MAX || !split(x, &q->words[i].word, two))
            continue;
        memmove(&q->words[i + 2], &q->words[i + 1], (q->count - i - 1) * sizeof q->words[0]);
        q->words[i + 1] = sought(&two[1], q->words[i].open);
        q->words[i] = sought(&two[0], false);
        q->count++;
        i++;
    }
}

bool find_name(const char *text, char out[FIND_WORD_MAX])
{
    struct find_word word;
    size_t len = strlen(text);
    size_t pos = 0;
    size_t used = 0;
    size_t count = 0;

    while (find_word_next(text, len, &pos, &word)) {
        char key[FIND_WORD_MAX];

        if (find_is_stop(word.text))
            continue;
        find_key(word.text, false, key);
        if (count++ == FIND_NAME_WORDS_MAX || used + strlen(key) + 2 > FIND_WORD_MAX)
            return false;
        out[used++] = count == 1 ? '=' : ' ';
        memcpy(out + used, key, strlen(key) + 1);
        used += strlen(key);
    }
    return count > 0;
}
