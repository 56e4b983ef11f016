#include "app/domain/competence.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

struct competence {
    const char *code, *name;
    bool outside; /* a body that is no part of the school: a technician enters its report */
};

/* The grades of the trade's templates. M3 is a level of SSERC's own code of practice; SCQF levels
   are another thing, and the two are never written alike. */
static const struct competence grades[] = {
    { "U", "anybody after a short briefing", false },
    { "T", "technician trained and signed off in the task", false },
    { "P", "person competent to inspect and test electrical equipment", false },
    { "M3", "person trained to SSERC microbiology Level 3", false },
    { "R", "radiation protection supervisor (RPS)", false },
    { "W", "person trained on workshop machines", false },
    { "PT", "may approve risk assessments", false },
    { "A", "radiation protection adviser (RPA)", true },
    { "B", "competent body for pressure systems", true },
    { "C", "contractor or engineer", true },
};

static const struct competence *competence_find(const char *code)
{
    for (size_t i = 0; i < sizeof(grades) / sizeof(*grades); i++)
        if (str_eq(grades[i].code, code))
            return &grades[i];
    return NULL;
}

bool competence_known(const char *code)
{
    return competence_find(code) != NULL;
}

bool competence_outside(const char *code)
{
    const struct competence *grade = competence_find(code);

    return grade != NULL && grade->outside;
}

const char *competence_name(const char *code)
{
    const struct competence *grade = competence_find(code);

    if (grade == NULL)
        return code == NULL ? "" : code;
    return str_eq(code, "M3") ? "SSERC microbiology Level 3" : grade->name;
}

static bool code_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
}

/* One code with the spaces around it; moves *text behind them. */
static bool code_read(const char **text, char out[COMPETENCE_CODE_SIZE])
{
    size_t len = 0;
    const char *at = *text + strspn(*text, " ");

    while (code_char(at[len]))
        len++;
    if (len == 0 || len >= COMPETENCE_CODE_SIZE)
        return false;
    memcpy(out, at, len);
    out[len] = '\0';
    *text = at + len + strspn(at + len, " ");
    return true;
}

bool competence_parse(const char *needs, struct competence_needs *out)
{
    struct competence_needs parsed = { .count = 0 };
    const char *at = needs == NULL ? "" : needs;

    at += strspn(at, " ");
    if (*at == '\0') {
        *out = parsed;
        return true;
    }
    for (;;) {
        if (parsed.count == COMPETENCE_CODES_MAX || !code_read(&at, parsed.codes[parsed.count]))
            return false;
        parsed.count++;
        if (*at != '/')
            break;
        at++;
    }
    if (*at == '+') {
        at++;
        if (!code_read(&at, parsed.countersign))
            return false;
    }
    if (*at != '\0')
        return false;
    *out = parsed;
    return true;
}

static const char *words_name(const char *code)
{
    const struct competence *grade = competence_find(code);

    return grade == NULL ? code : grade->name;
}

const char *competence_words(struct arena *a, const char *needs)
{
    struct competence_needs n;
    const char *text = "";

    if (!competence_parse(needs, &n))
        return arena_printf(a, "«%s», which cannot be read", needs);
    if (n.count == 0)
        return "anybody who is signed in";
    for (size_t i = 0; i < n.count && text != NULL; i++)
        text = arena_printf(a, "%s%s%s", text, i > 0 ? " or " : "", words_name(n.codes[i]));
    if (text != NULL && n.countersign[0] != '\0')
        text = arena_printf(a, "%s, countersigned by: %s", text, words_name(n.countersign));
    return text;
}

/* "anybody" has no article, and what somebody may do needs the somebody. */
static const char *words_article(const char *name)
{
    if (strncmp(name, "anybody", strlen("anybody")) == 0)
        return "";
    if (strncmp(name, "may ", strlen("may ")) == 0)
        return "somebody who ";
    return name[0] != '\0' && strchr("aeio", name[0]) != NULL ? "an " : "a ";
}

const char *competence_someone(struct arena *a, const char *needs)
{
    struct competence_needs n;
    const char *text = "";

    if (!competence_parse(needs, &n) || n.count == 0)
        return competence_words(a, needs);
    for (size_t i = 0; i < n.count && text != NULL; i++) {
        const char *name = words_name(n.codes[i]);

        text = arena_printf(a, "%s%s%s%s", text, i > 0 ? " or " : "", words_article(name), name);
    }
    if (text != NULL && n.countersign[0] != '\0') {
        const char *name = words_name(n.countersign);

        text = arena_printf(a, "%s, countersigned by %s%s", text, words_article(name), name);
    }
    return text;
}

/* ---- the gate ---- */

enum held { HELD_NOT, HELD_LAPSED, HELD };

static enum held grants_hold(const struct grant *grants, size_t count, const char *code,
                             int32_t today, int32_t *out_until)
{
    enum held best = HELD_NOT;

    for (size_t i = 0; i < count; i++) {
        if (!str_eq(grants[i].code, code))
            continue;
        if (grants[i].until == CALDATE_NONE || grants[i].until >= today)
            return HELD;
        if (best == HELD_NOT || grants[i].until > *out_until)
            *out_until = grants[i].until;
        best = HELD_LAPSED;
    }
    return best;
}

static const char *day_words(struct arena *a, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    const char *text = arena_printf(a, "%d %s %d", d.day, caldate_month_short(d.month), d.year);

    return text != NULL ? text : "a day";
}

static const char *kept(const char *text)
{
    return text != NULL ? text : "";
}

/* A gate without room for its words stays shut for whoever would have to countersign it. */
static struct gate_answer gate_shut(const char *code)
{
    return (struct gate_answer){ .gate = GATE_MISSING,
                                 .code = "",
                                 .countersign = code,
                                 .words = "The kiosk is short of memory: sign as a trainee, and "
                                          "have it countersigned." };
}

static struct gate_answer gate_open(struct arena *a, const struct competence_needs *n,
                                    const char *code, bool entered)
{
    struct gate_answer out = { .gate = GATE_OPEN, .code = arena_strdup(a, code) };
    const char *said = arena_printf(a, "You sign as: %s.", words_name(code));

    if (entered)
        said = arena_printf(a,
                            "You enter the report of somebody outside the school: %s. The record "
                            "says that the check was theirs.",
                            words_name(code));
    out.countersign = arena_strdup(a, n->countersign);
    if (n->countersign[0] != '\0') {
        out.gate = GATE_COUNTERSIGN;
        said = arena_printf(a, "%s Another person has to countersign: %s.", kept(said),
                            words_name(n->countersign));
    }
    out.words = said;
    if (out.code == NULL || out.countersign == NULL || out.words == NULL)
        return gate_shut("T");
    return out;
}

/* Who must countersign a trainee: the second signature that the form asks for anyway, else the first
   grade that it names; for a report from outside, who may enter one. */
static const char *gate_supervisor(const struct competence_needs *n)
{
    if (n->countersign[0] != '\0')
        return n->countersign;
    if (n->count == 0 || competence_outside(n->codes[0]))
        return "T";
    return n->codes[0];
}

static struct gate_answer gate_trainee(struct arena *a, const struct competence_needs *n,
                                       const char *needs, const char *lapsed, int32_t until)
{
    struct gate_answer out = { .gate = lapsed == NULL ? GATE_MISSING : GATE_LAPSED, .code = "" };
    const char *by = words_name(gate_supervisor(n));

    out.countersign = arena_strdup(a, gate_supervisor(n));
    if (lapsed != NULL)
        out.words = arena_printf(a,
                                 "Yours lapsed on %s: %s. You may sign as a trainee; until "
                                 "somebody countersigns (%s) the check does not count.",
                                 day_words(a, until), competence_name(lapsed), by);
    else
        out.words = arena_printf(a,
                                 "This check wants: %s. You may sign as a trainee; until somebody "
                                 "countersigns (%s) it does not count.",
                                 kept(competence_words(a, needs)), by);
    if (out.countersign == NULL || out.words == NULL)
        return gate_shut("T");
    return out;
}

struct gate_answer gate_judge(struct arena *a, const char *needs, const struct grant *grants,
                              size_t count, int32_t today)
{
    struct competence_needs n;
    const char *lapsed = NULL;
    int32_t lapsed_until = CALDATE_NONE;

    if (!competence_parse(needs, &n)) {
        struct competence_needs technician = { .codes = { "T" }, .count = 1 };

        return gate_trainee(a, &technician, needs, NULL, CALDATE_NONE);
    }
    if (n.count == 0)
        return gate_open(a, &n, "U", false);
    for (size_t i = 0; i < n.count; i++) {
        int32_t until = CALDATE_NONE;
        enum held held = grants_hold(grants, count, n.codes[i], today, &until);

        if (held == HELD)
            return gate_open(a, &n, n.codes[i], false);
        if (held == HELD_LAPSED && until > lapsed_until) {
            lapsed = n.codes[i];
            lapsed_until = until;
        }
    }
    for (size_t i = 0; i < n.count; i++) {
        int32_t until = CALDATE_NONE;

        if (str_eq(n.codes[i], "U"))
            return gate_open(a, &n, "U", false);
        if (competence_outside(n.codes[i]) &&
            grants_hold(grants, count, "T", today, &until) == HELD)
            return gate_open(a, &n, n.codes[i], true);
    }
    return gate_trainee(a, &n, needs, lapsed, lapsed_until);
}

bool gate_may_countersign(const char *code, const struct grant *grants, size_t count, int32_t today)
{
    int32_t until = CALDATE_NONE;

    return code != NULL && *code != '\0' && grants_hold(grants, count, code, today, &until) == HELD;
}
