#include "app/script.h"

#include <string.h>

#include "platform/base/str.h"

enum { SCRIPT_WORDS_MAX = 6 };

struct script_word {
    const char *text;
    bool quoted;
};

/* "…" with \n \t \b \\ \" and \xNN. Returns the text, or NULL when it does not end. */
static const char *script_quoted(struct arena *a, const char **at)
{
    const char *p = *at + 1;
    char *out = arena_alloc(a, strlen(p) + 1);
    size_t n = 0;
    for (; out != NULL && *p != '"'; p++) {
        uint8_t byte = 0;
        char hex[3] = { 0 };
        if (*p == '\0')
            return NULL;
        if (*p != '\\') {
            out[n++] = *p;
            continue;
        }
        p++;
        switch (*p) {
        case 'n':
            out[n++] = '\n';
            break;
        case 't':
            out[n++] = '\t';
            break;
        case 'b':
            out[n++] = '\b';
            break;
        case 'x':
            if (p[1] == '\0' || p[2] == '\0')
                return NULL;
            memcpy(hex, p + 1, 2);
            if (!hex_get(&byte, 1, hex))
                return NULL;
            out[n++] = (char)byte;
            p += 2;
            break;
        case '"':
        case '\\':
            out[n++] = *p;
            break;
        default:
            return NULL;
        }
    }
    *at = p + 1;
    return out;
}

static bool script_words(struct arena *a, const char *line, struct script_word *words,
                         size_t *count)
{
    const char *at = line;
    *count = 0;
    for (;;) {
        at += strspn(at, " \t\r");
        if (*at == '\0' || *at == '#')
            return true;
        if (*count == SCRIPT_WORDS_MAX)
            return false;
        struct script_word *w = &words[(*count)++];
        *w = (struct script_word){ .quoted = false };
        if (*at == '"') {
            w->quoted = true;
            w->text = script_quoted(a, &at);
        } else {
            size_t len = strcspn(at, " \t\r");
            w->text = arena_strndup(a, at, len);
            at += len;
        }
        if (w->text == NULL)
            return false;
    }
}

/* "90s", "3m", "2h", "14d", "500ms". */
static bool script_duration(const char *text, int64_t *out_ms)
{
    static const struct {
        const char *unit;
        int64_t ms;
    } units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60000 }, { "h", 3600000 }, { "d", 86400000 } };
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        char digits[16];
        size_t len = strlen(text);
        size_t ulen = strlen(units[i].unit);
        if (len <= ulen || len - ulen >= sizeof digits || !str_ends(text, units[i].unit))
            continue;
        memcpy(digits, text, len - ulen);
        digits[len - ulen] = '\0';
        int64_t n = 0;
        if (!str_to_i64(digits, &n) || n < 0 || n > 1000000)
            continue;
        *out_ms = n * units[i].ms;
        return true;
    }
    return false;
}

enum script_arg {
    ARG_NONE,
    ARG_TEXT,
    ARG_SIGHT,
    ARG_NAME,
    ARG_PICTURE,
    ARG_SWIPE,
    ARG_DURATION,
    ARG_NOW,
    ARG_ONOFF,
    ARG_STICK
};
static const struct {
    const char *verb;
    enum step_verb step;
    enum script_arg arg;
} script_verbs[] = {
    { "show", STEP_SHOW, ARG_PICTURE },  { "key", STEP_KEY, ARG_TEXT },
    { "tap", STEP_TAP, ARG_SIGHT },      { "type", STEP_TYPE, ARG_TEXT },
    { "see", STEP_SEE, ARG_SIGHT },      { "unsee", STEP_UNSEE, ARG_SIGHT },
    { "swipe", STEP_SWIPE, ARG_SWIPE },  { "back", STEP_BACK, ARG_NONE },
    { "idle", STEP_IDLE, ARG_DURATION }, { "now", STEP_NOW, ARG_NOW },
    { "net", STEP_NET, ARG_ONOFF },      { "sync", STEP_SYNC, ARG_NONE },
    { "shot", STEP_SHOT, ARG_NAME },     { "tree", STEP_TREE, ARG_NAME },
    { "audit", STEP_AUDIT, ARG_NONE },   { "die", STEP_DIE, ARG_NONE },
    { "stick", STEP_STICK, ARG_STICK },
};

/* A name of a picture to write stays inside the folder of pictures. */
static bool script_plain_name(const char *name)
{
    return name[0] != '\0' && name[0] != '.' && strchr(name, '/') == NULL && strlen(name) <= 100;
}

static bool script_arg(struct step *s, enum script_arg arg, const struct script_word *w)
{
    s->text = w->text;
    switch (arg) {
    case ARG_NONE:
        return false;
    case ARG_TEXT:
        return w->quoted;
    case ARG_SIGHT: /* empty words are on every screen: such a step would look at nothing */
        return w->quoted && w->text[0] != '\0';
    case ARG_NAME:
        return script_plain_name(w->text);
    case ARG_PICTURE:
        if (!w->quoted && str_eq(w->text, "none"))
            s->text = NULL;
        return true;
    case ARG_STICK:
        if (!w->quoted && str_eq(w->text, "out"))
            s->text = NULL;
        return w->text[0] != '\0';
    case ARG_SWIPE:
        s->number = str_eq(w->text, "up") ? 1 : -1;
        return str_eq(w->text, "up") || str_eq(w->text, "down");
    case ARG_DURATION:
        return script_duration(w->text, &s->number);
    case ARG_NOW:
        if (w->text[0] == '+' || w->text[0] == '-') {
            bool back = w->text[0] == '-';
            s->text = NULL;
            if (!script_duration(w->text + 1, &s->number))
                return false;
            s->number = back ? -s->number : s->number;
        }
        return true;
    case ARG_ONOFF:
        s->number = str_eq(w->text, "on") ? 1 : 0;
        return str_eq(w->text, "on") || str_eq(w->text, "off");
    }
    return false;
}

static enum err script_step(struct arena *a, const char *line, unsigned number, struct step *out,
                            bool *out_some, struct why *why)
{
    struct script_word words[SCRIPT_WORDS_MAX];
    size_t count = 0;
    *out_some = false;
    if (!script_words(a, line, words, &count))
        return why_set(why, ERR_INPUT, 0, "line %u: not understood: %.100s", number, line);
    if (count == 0)
        return ERR_OK;
    *out = (struct step){ .line = number, .words = line, .wait_ms = SCRIPT_WAIT_MS };
    if (count >= 3 && str_eq(words[count - 2].text, "within") && !words[count - 2].quoted) {
        if (!script_duration(words[count - 1].text, &out->wait_ms))
            return why_set(why, ERR_INPUT, 0, "line %u: within %.40s: not a time such as 20s",
                           number, words[count - 1].text);
        count -= 2;
    }
    for (size_t i = 0; i < COUNT_OF(script_verbs); i++) {
        if (!str_eq(words[0].text, script_verbs[i].verb))
            continue;
        out->verb = script_verbs[i].step;
        bool none = script_verbs[i].arg == ARG_NONE;
        bool ok = none ? count == 1 : count >= 2 && script_arg(out, script_verbs[i].arg, &words[1]);
        if (ok && count == 4 && out->verb == STEP_TAP && str_eq(words[2].text, "in"))
            out->in = words[3].text;
        else if (!none && count != 2)
            ok = false;
        if (!ok)
            return why_set(why, ERR_INPUT, 0, "line %u: not a step: %.100s", number, line);
        *out_some = true;
        return ERR_OK;
    }
    return why_set(why, ERR_INPUT, 0, "line %u: %.40s is not a step", number, words[0].text);
}

enum err script_parse(struct arena *a, const char *source, size_t len, struct script *out,
                      struct why *why)
{
    char *text = arena_strndup(a, source, len);
    struct step *steps = arena_array(a, SCRIPT_STEPS_MAX, sizeof *steps);
    if (text == NULL || steps == NULL)
        return why_set(why, ERR_NOMEM, 0, "script: no memory");
    size_t count = 0;
    unsigned number = 0;
    /* The mark that some editors put in front of UTF-8. */
    size_t mark = str_starts(text, "\xef\xbb\xbf") ? 3 : 0;
    for (char *line = text + mark; line != NULL;) {
        char *end = strchr(line, '\n');
        if (end != NULL)
            *end = '\0';
        struct step step;
        bool some = false;
        size_t line_len = end == NULL ? (size_t)(text + len - line) : (size_t)(end - line);
        number++;
        if (!utf8_valid(line, line_len))
            return why_set(why, ERR_INPUT, 0, "line %u: not UTF-8", number);
        enum err rc = script_step(a, line, number, &step, &some, why);
        if (rc != ERR_OK)
            return rc;
        if (some && count == SCRIPT_STEPS_MAX)
            return why_set(why, ERR_LIMIT, 0, "line %u: more than %d steps", number,
                           SCRIPT_STEPS_MAX);
        if (some)
            steps[count++] = step;
        line = end == NULL ? NULL : end + 1;
    }
    *out = (struct script){ .steps = steps, .count = count };
    return ERR_OK;
}
