#include "app/domain/adapt.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

/* ---- what a change does ---- */

/* Whether the word stands in the text, as a word; letters are compared in lower case. */
static bool text_has(const char *text, const char *word)
{
    size_t len = strlen(word);

    for (const char *at = text; *at != '\0'; at++) {
        size_t i = 0;

        if (at != text && isalpha((unsigned char)at[-1]))
            continue;
        while (i < len && tolower((unsigned char)at[i]) == word[i])
            i++;
        if (i == len && !isalpha((unsigned char)at[len]))
            return true;
    }
    return false;
}

static bool text_has_any(const char *text, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (text_has(text, words[i]))
            return true;
    }
    return false;
}

/* «2 mol/l», «0.1 M», «10 %», «50 cm3», «80 °C»: how strong, how much and how hot have lines of their own, or
   are the method. */
static bool text_has_amount(const char *text)
{
    static const char *const units[] = { "cm3",   "cm³",   "ml", "dm3",   "dm³",  "l",
                                         "litre", "g",     "kg", "grams", "gram", "V",
                                         "volt",  "volts", "kV", "bar",   "C",    "drops",
                                         "kPa",   "mA",    "A",  "W",     "vol",  "litres" };

    for (const char *at = text; *at != '\0'; at++) {
        const char *unit = at;

        if (!isdigit((unsigned char)*at))
            continue;
        unit += strspn(unit, "0123456789.,");
        at = unit - 1;
        unit += strspn(unit, " ");
        if (str_starts(unit, "mol") || *unit == '%' || str_starts(unit, "°") ||
            (*unit == 'M' && !isalnum((unsigned char)unit[1])))
            return true;
        for (size_t i = 0; i < COUNT_OF(units); i++) {
            size_t len = strlen(units[i]);

            if (str_starts(unit, units[i]) && !isalnum((unsigned char)unit[len]))
                return true;
        }
    }
    return false;
}

/* Whether the line begins by forbidding something. */
static bool text_forbids(const char *text)
{
    static const char *const words[] = { "never", "no", "not", "nobody", "do not", "don't" };

    text += strspn(text, " ");
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        size_t len = strlen(words[i]);
        size_t at = 0;

        while (at < len && tolower((unsigned char)text[at]) == words[i][at])
            at++;
        if (at == len && !isalpha((unsigned char)text[len]))
            return true;
    }
    return false;
}

/* «No goggles», «gloves are not worn», «fume cupboard off»: words that take something away beside the name of
   something that protects. «Never without goggles» asks for them. */
static bool text_bars_care(const char *text)
{
    static const char *const care[] = {
        "goggles",     "glasses",   "spectacles", "visor",      "shield",      "gloves",
        "glove",       "gauntlets", "apron",      "coat",       "coats",       "mask",
        "masks",       "muffs",     "protection", "ppe",        "screen",      "screens",
        "fume",        "cupboard",  "ventilate",  "ventilated", "ventilation", "extraction",
        "window",      "windows",   "guard",      "guards",     "tongs",       "wash",
        "rinse",       "disinfect", "clean",      "label",      "labels",      "supervise",
        "supervision", "watch",     "teacher",    "technician", "check",       "checked",
        "test",        "tested",    "wait",       "stop-point", "interlock",   "lid",
        "clamp",       "clamped",   "inhaler",    "eyewash",    "rcd",         "report",
        "tell",        "call",      "ask",        "wear",       "worn",        "safety",
        "controls",    "rules",
    };
    static const char *const away[] = { "never", "no",   "not",  "nobody", "don't", "off",
                                        "none",  "only", "stop", "isn't",  "aren't" };
    static const char *const back[] = { "without", "remove", "take off", "take away",
                                        "switch off" };

    return text_has_any(text, care, COUNT_OF(care)) && text_has_any(text, away, COUNT_OF(away)) &&
           !(text_forbids(text) && text_has_any(text, back, COUNT_OF(back)));
}

/* An added line is stricter as long as it only asks or forbids. One that lets something go, puts something
   in another's place or names a strength is read by a second person first: «goggles may be left off» is an
   addition too. No list of words sees through everything: whoever doubts asks a second person, which costs a
   minute. */
static bool text_lets_go(const char *text)
{
    static const char *const always[] = { "unless",      "except",      "need not",
                                          "needn't",     "optional",    "ignore",
                                          "no need",     "not needed",  "not necessary",
                                          "unnecessary", "not required" };
    static const char *const loose[] = {
        "may",          "can",         "could",        "instead",    "skip",     "without",
        "leave out",    "left out",    "leave off",    "left off",   "take off", "remove",
        "allowed",      "rather than", "concentrated", "undiluted",  "neat",     "stronger",
        "hotter",       "larger",      "bigger",       "double",     "twice",    "triple",
        "more",         "alone",       "unsupervised", "themselves", "forget",   "disregard",
        "bypass",       "defeat",      "switch off",   "turn off",   "fine to",  "ok to",
        "safe to",      "is safe",     "are safe",     "harmless",   "faster",   "longer",
        "on their own",
    };
    static const char *const needless[] = { "needed", "needs", "necessary", "required", "has to" };

    if (text_has_any(text, always, COUNT_OF(always)) || text_bars_care(text))
        return true;
    if (text_forbids(text))
        return text_has_any(text, needless, COUNT_OF(needless));
    return text_has_any(text, loose, COUNT_OF(loose)) || text_has_amount(text);
}

static enum adapt_effect effect_of_add(const struct adapt_key *key, const struct adapt_line *line)
{
    if (key->add == ADAPT_TIGHTENS && key->typed && text_lets_go(line->text))
        return ADAPT_METHOD;
    return key->add;
}

static int mode_rank(const char *text)
{
    enum assessment_mode mode = ASSESSMENT_PUPILS;

    return assessment_mode_read(text, &mode) ? (int)mode : -1;
}

static int level_rank(const char *text)
{
    for (int i = ASSESSMENT_ROUTINE; i <= ASSESSMENT_STOP_POINTS; i++) {
        if (str_eq(assessment_level_id((enum assessment_level)i), text))
            return i;
    }
    return -1;
}

/* Upwards is stricter; what is no word of the scale is not judged to be. */
static enum adapt_effect effect_of_rank(int from, int to)
{
    return from >= 0 && to > from ? ADAPT_TIGHTENS : ADAPT_LOOSENS;
}

/* Less is stricter. Numbers of different units, and a number against a form (solid, neat), do not compare:
   that is another method. */
static enum adapt_effect effect_of_amount(const struct adapt_key *key,
                                          const struct adapt_line *from,
                                          const struct adapt_line *to)
{
    if (from->both_ways || to->both_ways)
        return ADAPT_LOOSENS;
    if (isnan(from->amount) || isnan(to->amount) || !str_eq(from->unit, to->unit))
        return key->change;
    if (to->amount > from->amount)
        return ADAPT_LOOSENS;
    return to->amount < from->amount ? ADAPT_TIGHTENS : key->change;
}

static enum adapt_effect effect_of_change(const struct adapt_key *key,
                                          const struct adapt_line *from,
                                          const struct adapt_line *to)
{
    if (str_eq(key->id, "mode"))
        return effect_of_rank(mode_rank(from->text), mode_rank(to->text));
    if (str_eq(key->id, "level"))
        return effect_of_rank(level_rank(from->text), level_rank(to->text));
    if (str_eq(key->id, "chemical") || str_eq(key->id, "groups"))
        return effect_of_amount(key, from, to);
    return key->change;
}

/* ---- differences ---- */

struct diff {
    struct adapt_change *change;
    size_t count;
};

static void diff_put(struct diff *d, enum adapt_change_kind kind, const struct adapt_line *from,
                     const struct adapt_line *to)
{
    const struct adapt_line *line = to != NULL ? to : from;
    const struct adapt_key *key = adapt_key_find(line->key);
    enum adapt_effect effect = ADAPT_LOOSENS;

    if (key != NULL) {
        switch (kind) {
        case ADAPT_ADD:
            effect = effect_of_add(key, to);
            break;
        case ADAPT_REMOVE:
            effect = key->remove;
            break;
        case ADAPT_CHANGE:
            effect = effect_of_change(key, from, to);
            break;
        case ADAPT_MOVE:
            effect = ADAPT_METHOD;
            break;
        }
    }
    d->change[d->count++] = (struct adapt_change){ .kind = kind,
                                                   .path = line->path,
                                                   .key = line->key,
                                                   .from = from != NULL ? from->text : "",
                                                   .to = to != NULL ? to->text : "",
                                                   .effect = effect };
}

/* The place in mine of the line of base that comes next among those of its key which are still there. */
static size_t next_kept(struct adapt_lines base, struct adapt_lines mine, const char *key,
                        size_t *at)
{
    while (*at < base.count) {
        const struct adapt_line *line = &base.line[(*at)++];
        size_t place = mine.count;

        if (str_eq(line->key, key))
            place = adapt_place(mine.line, mine.count, line->path);
        if (place < mine.count)
            return place;
    }
    return mine.count;
}

/* One change for a key whose lines stand in another order; the words say which line comes too early. */
static void diff_order(struct diff *d, struct adapt_lines base, struct adapt_lines mine,
                       const char *key)
{
    size_t at = 0;
    size_t before = next_kept(base, mine, key, &at);

    while (before < mine.count) {
        size_t place = next_kept(base, mine, key, &at);

        if (place < before) {
            diff_put(d, ADAPT_MOVE, &mine.line[before], &mine.line[place]);
            return;
        }
        before = place;
    }
}

enum err adapt_diff(struct arena *a, struct adapt_lines base, struct adapt_lines mine,
                    struct adapt_change **out, size_t *out_count, struct why *why)
{
    /* A line that is added, removed or changed each, and a move a key. */
    struct diff d = { .change = arena_array(a, base.count + mine.count + 32, sizeof *d.change) };

    if (d.change == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the differences");
    for (size_t i = 0; i < base.count; i++) {
        const struct adapt_line *now = adapt_line_of(mine, base.line[i].path);

        if (now == NULL)
            diff_put(&d, ADAPT_REMOVE, &base.line[i], NULL);
        else if (!adapt_line_same(&base.line[i], now))
            diff_put(&d, ADAPT_CHANGE, &base.line[i], now);
    }
    for (size_t i = 0; i < mine.count; i++) {
        if (adapt_line_of(base, mine.line[i].path) == NULL)
            diff_put(&d, ADAPT_ADD, NULL, &mine.line[i]);
    }
    for (size_t i = 0; adapt_key_at(i) != NULL; i++) {
        if (adapt_key_at(i)->ordered)
            diff_order(&d, base, mine, adapt_key_at(i)->id);
    }
    *out = d.change;
    *out_count = d.count;
    return ERR_OK;
}

/* The weightiest of them. */
static enum adapt_effect adapt_effect_of(const struct adapt_change *changes, size_t count)
{
    enum adapt_effect most = ADAPT_NOTHING;

    for (size_t i = 0; i < count; i++) {
        if (changes[i].effect > most)
            most = changes[i].effect;
    }
    return most;
}

enum err adapt_judge(struct arena *a, const struct adaptation *x, enum adapt_effect *out,
                     struct why *why)
{
    struct adapt_change *changes = NULL;
    size_t count = 0;
    enum err rc = adapt_diff(a, x->base, x->mine, &changes, &count, why);

    if (rc != ERR_OK)
        return rc;
    *out = adapt_effect_of(changes, count);
    if (*out == ADAPT_NOTHING && x->note[0] != '\0')
        *out = ADAPT_NOTE;
    /* A note is read like a line of the sheet: what no line may say without a second person, it may not
       either. */
    if (*out < ADAPT_METHOD && text_lets_go(x->note))
        *out = ADAPT_METHOD;
    return ERR_OK;
}

bool adapt_needs_approval(enum adapt_effect effect)
{
    switch (effect) {
    case ADAPT_NOTHING:
    case ADAPT_NOTE:
    case ADAPT_TIGHTENS:
        return false;
    case ADAPT_METHOD:
    case ADAPT_LOOSENS:
        return true;
    }
    return true;
}

bool adapt_same(struct adapt_lines x, struct adapt_lines y)
{
    if (x.count != y.count)
        return false;
    for (size_t i = 0; i < x.count; i++) {
        if (!str_eq(x.line[i].key, y.line[i].key) || !adapt_line_same(&x.line[i], &y.line[i]))
            return false;
    }
    return true;
}

/* ---- whether it can be signed ---- */

static size_t text_characters(const char *text)
{
    size_t len = strlen(text);
    size_t at = 0;
    size_t count = 0;

    for (; at < len; count++)
        (void)utf8_next(text, len, &at);
    return count;
}

const char *adapt_room_missing(const struct adaptation *x)
{
    for (size_t i = 0; i < x->mine.count; i++) {
        const struct adapt_line *line = &x->mine.line[i];

        if (str_eq(line->key, "room") && !adapt_has_room(x, line->path + strlen("room/")))
            return line->path + strlen("room/");
    }
    return NULL;
}

static enum err fit_class(const struct adaptation *x, struct why *why)
{
    if (x->class_name[0] == '\0')
        return why_set(why, ERR_INPUT, 0, "Name the class");
    if (assessment_stage_rank(x->stage) < 0)
        return why_set(why, ERR_INPUT, 0, "Choose the stage");
    return ERR_OK;
}

enum err adapt_fit(const struct adaptation *x, bool prep, int32_t today, struct why *why)
{
    const char *missing = adapt_room_missing(x);
    size_t do_nots = 0;

    if (!adapt_text_ok(x->class_name, ADAPT_CLASS_MAX))
        return why_set(why, ERR_INPUT, 0, "The name of the class is too long");
    if (!prep && fit_class(x, why) != ERR_OK)
        return ERR_INPUT;
    if (x->until == CALDATE_NONE || x->until < today)
        return why_set(why, ERR_INPUT, 0, "Choose the last day: today or later");
    if (x->until > today + ADAPT_DAYS_MAX)
        return why_set(why, ERR_INPUT, 0, "The last day is more than %d days away", ADAPT_DAYS_MAX);
    if (!adapt_text_ok(x->note, (size_t)4 * ADAPT_NOTE_MAX) ||
        text_characters(x->note) > ADAPT_NOTE_MAX)
        return why_set(why, ERR_INPUT, 0, "The note is longer than %d characters", ADAPT_NOTE_MAX);
    for (size_t i = 0; i < x->mine.count; i++)
        do_nots += str_eq(x->mine.line[i].key, "do_not") ? 1 : 0;
    if (do_nots > ASSESSMENT_DO_NOTS_MAX)
        return why_set(why, ERR_INPUT, 0, "At most %d do-nots: write the others as controls",
                       ASSESSMENT_DO_NOTS_MAX);
    if (missing != NULL)
        return why_set(why, ERR_INPUT, 0, "Not in this room: it has no %s",
                       assessment_words(missing));
    return ERR_OK;
}
