#include <string.h>

#include "app/domain/adapt_parts.h"
#include "app/domain/sign.h"
#include "platform/base/str.h"

const char *adapt_effect_id(enum adapt_effect effect)
{
    switch (effect) {
    case ADAPT_NOTHING:
        return "nothing";
    case ADAPT_NOTE:
        return "note";
    case ADAPT_TIGHTENS:
        return "tightens";
    case ADAPT_METHOD:
        return "method";
    case ADAPT_LOOSENS:
        return "loosens";
    }
    return "";
}

const char *adapt_effect_words(enum adapt_effect effect)
{
    switch (effect) {
    case ADAPT_NOTHING:
        return "As the model";
    case ADAPT_NOTE:
        return "A note only";
    case ADAPT_TIGHTENS:
        return "Tightens";
    case ADAPT_METHOD:
        return "Changes the method";
    case ADAPT_LOOSENS:
        return "Loosens";
    }
    return "";
}

/* A line's text as a person reads it: ids have words of their own. */
static const char *words_text(const char *key, const char *text)
{
    enum assessment_mode mode = ASSESSMENT_PUPILS;

    if (str_eq(key, "mode") && assessment_mode_read(text, &mode))
        return assessment_mode_words(mode);
    if (str_eq(key, "ppe") || str_eq(key, "sign"))
        return sign_words(text);
    if (str_eq(key, "room") || str_eq(key, "stage"))
        return assessment_words(text);
    for (int i = ASSESSMENT_ROUTINE; str_eq(key, "level") && i <= ASSESSMENT_STOP_POINTS; i++) {
        if (str_eq(assessment_level_id((enum assessment_level)i), text))
            return assessment_level_words((enum assessment_level)i);
    }
    return text;
}

const char *adapt_change_words(struct arena *a, const struct adapt_change *change)
{
    const char *from = words_text(change->key, change->from);
    const char *to = words_text(change->key, change->to);
    const char *words = NULL;

    switch (change->kind) {
    case ADAPT_ADD:
        words = arena_printf(a, "Added: %s", to);
        break;
    case ADAPT_REMOVE:
        words = arena_printf(a, "Taken away: %s", from);
        break;
    case ADAPT_CHANGE:
        words = arena_printf(a, "«%s» became «%s»", from, to);
        break;
    case ADAPT_MOVE:
        words = arena_printf(a, "«%s» now comes before «%s»", to, from);
        break;
    }
    return words != NULL ? words : "";
}

/* «hydrochloric-acid#2» as it is said: «hydrochloric acid (2)». */
static char *words_id(struct arena *a, const char *id, size_t len)
{
    size_t end = 0;
    char *text;

    while (end < len && id[end] != '#')
        end++;
    text = end + 1 < len
               ? arena_printf(a, "%.*s (%.*s)", (int)end, id, (int)(len - end - 1), id + end + 1)
               : arena_strndup(a, id, end);
    for (char *c = text; c != NULL && *c != '\0'; c++) {
        if (*c == '-')
            *c = ' ';
    }
    return text;
}

const char *adapt_path_words(struct arena *a, const char *path)
{
    const char *key = adapt_path_key(path);
    const char *rest = key != NULL ? path + strlen(key) : path;
    const char *words = key != NULL ? adapt_key_words(key) : path;
    size_t len;
    char *id;

    if (*rest != '/')
        return words;
    rest++;
    len = strcspn(rest, "/");
    id = words_id(a, rest, len);
    if (id == NULL)
        return words;
    if (str_eq(key, "chemical"))
        words = arena_printf(a, "%s of %s", str_ends(rest, "/volume") ? "Volume" : "Strength", id);
    else if (str_eq(key, "consider"))
        words = arena_strdup(a, assessment_words(arena_strndup(a, rest, len)));
    else if (rest[0] == '+')
        words = arena_printf(a, "%s (added)", words);
    else if (adapt_key_find(key)->numbered)
        words = arena_printf(a, "%s %s", words, id);
    return words != NULL ? words : "";
}

const char *adapt_state_words(enum adapt_state state)
{
    switch (state) {
    case ADAPT_DRAFT:
        return "Draft, not signed";
    case ADAPT_AWAITING:
        return "Not approved: do not use";
    case ADAPT_IN_FORCE:
        return "In force";
    case ADAPT_REVIEW_DUE:
        return "In force, review due";
    case ADAPT_LOOK_AGAIN:
        return "The model changed: look again";
    case ADAPT_ENDED:
        return "Ended";
    case ADAPT_DECLINED:
        return "Declined";
    case ADAPT_WITHDRAWN:
        return "Withdrawn";
    case ADAPT_SUPERSEDED:
        return "Superseded";
    }
    return "";
}
