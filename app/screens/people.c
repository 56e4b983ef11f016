/* Who is at this school, what each may sign, and until when. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/screens/parts.h"
#include "platform/base/str.h"

enum { PEOPLE_SOON_DAYS = 60 /* a competence that runs out so soon is told in time */ };

struct people_state {
    uint64_t seen;
    int32_t today;
    bool failed;
    struct why why;
    struct arena arena;
    struct person *people;
    struct people_facts {
        size_t grants, lapsed, soon;
        bool level3;
    } * facts;
    size_t count;
};

static enum ui_tone people_tone(const struct grant *g, int32_t today)
{
    if (g->until == CALDATE_NONE)
        return TONE_GOOD;
    if (g->until < today)
        return TONE_LATE;
    return g->until - today <= PEOPLE_SOON_DAYS ? TONE_DUE : TONE_GOOD;
}

static void people_count(struct app *app, struct people_state *s, size_t at)
{
    struct grant *grants = NULL;
    size_t count = 0;
    struct people_facts *f = &s->facts[at];
    *f = (struct people_facts){ .grants = 0 };
    if (query_grants(&app->store, s->people[at].id, &s->arena, &grants, &count, NULL) != ERR_OK)
        return;
    for (size_t i = 0; i < count; i++) {
        enum ui_tone tone = people_tone(&grants[i], app->today);
        f->grants += tone == TONE_LATE ? 0 : 1;
        f->lapsed += tone == TONE_LATE ? 1 : 0;
        f->soon += tone == TONE_DUE ? 1 : 0;
        f->level3 = f->level3 || (tone != TONE_LATE && str_eq(grants[i].code, "M3"));
    }
}

static void people_read(struct app *app, struct people_state *s)
{
    arena_begin(&s->arena, 8 * 1024 * 1024);
    s->today = app->today;
    s->failed = query_people(&app->store, &s->arena, &s->people, &s->count, &s->why) != ERR_OK;
    s->facts = arena_array(&s->arena, s->count + 1, sizeof *s->facts);
    for (size_t i = 0; !s->failed && s->facts != NULL && i < s->count; i++)
        people_count(app, s, i);
}

static void people_leave(struct app *app, void *state)
{
    (void)app;
    struct people_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile people_tile(struct app *app, const void *rows, size_t at)
{
    const struct people_state *s = rows;
    const struct person *p = &s->people[at];
    const struct people_facts *f = &s->facts[at];
    struct ui_tile tile = {
        .id = ui_text_f(app->ui, "person%zu", at),
        .title = p->name[0] == '\0' ? "A person no longer named" : p->name,
        .words = ui_text_f(app->ui, "%s · %zu %s%s", p->role[0] == '\0' ? "no role" : p->role,
                           f->grants, f->grants == 1 ? "competence" : "competences",
                           f->level3 ? " · SSERC microbiology Level 3" : ""),
        .icon = ICON_PERSON,
    };
    if (f->lapsed > 0) {
        tile.badge = ui_text_f(app->ui, "%zu lapsed", f->lapsed);
        tile.badge_tone = TONE_LATE;
    } else if (f->soon > 0) {
        tile.badge = ui_text_f(app->ui, "%zu to renew", f->soon);
        tile.badge_tone = TONE_DUE;
    }
    return tile;
}

static void people_frame(struct app *app, void *state)
{
    struct people_state *s = state;
    if (screen_stale(app, &s->seen) || s->today != app->today)
        people_read(app, s);
    struct rect page = page_begin(app, "People");
    if (s->failed || s->facts == NULL) {
        page_fault(app, page, "The people could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_PEOPLE, "Nobody is on the register of people yet",
                   "The authority's office sends people and badges.");
        return;
    }
    int tapped = parts_tiles(app, page, "people", s, s->count, 1, people_tile);
    if (tapped >= 0)
        router_push(app, "person", &(struct route){ .text = s->people[tapped].id });
}

const struct screen screen_people = {
    .id = "people",
    .state_size = sizeof(struct people_state),
    .frame = people_frame,
    .leave = people_leave,
};

/* ---- one person ---- */

struct person_state {
    uint64_t seen;
    int32_t today;
    bool failed;
    struct why why;
    struct arena arena;
    struct person person;
    struct grant *grants;
    size_t count;
};

static void person_read(struct app *app, struct person_state *s)
{
    const char *id = router_top(app)->route.text;
    arena_begin(&s->arena, 4 * 1024 * 1024);
    s->today = app->today;
    enum err rc = query_person(&app->store, id, &s->arena, &s->person, &s->why);
    if (rc == ERR_OK)
        rc = query_grants(&app->store, id, &s->arena, &s->grants, &s->count, &s->why);
    s->failed = rc != ERR_OK;
}

static void person_leave(struct app *app, void *state)
{
    (void)app;
    struct person_state *s = state;
    arena_done(&s->arena);
}

static void person_grants(struct app *app, const struct person_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    parts_head(app, list, "competences", "Competences");
    for (size_t i = 0; i < s->count; i++) {
        const struct grant *g = &s->grants[i];
        bool past = g->until != CALDATE_NONE && g->until < app->today;
        struct ui_tile tile = {
            .id = ui_text_f(ui, "grant-%s", g->code),
            .title = parts_competence(app, g->code),
            .words = g->basis,
            .icon = ICON_BADGE,
            .badge = g->until == CALDATE_NONE ? "No end"
                     : past                   ? ui_text_f(ui, "Ended %s", page_day(app, g->until))
                                              : ui_text_f(ui, "Until %s", page_day(app, g->until)),
            .badge_tone = people_tone(g, app->today),
        };
        if (parts_row(app, list, &tile))
            router_push(app, "grant", &(struct route){ .text = s->person.id, .text2 = g->code });
    }
    if (s->count == 0)
        parts_words(app, list, "none", "None is recorded. What needs none may be signed.",
                    TONE_MUTED);
}

/* By what a form is signed: competence and who countersigns, as a heading over the forms. */
static const char *person_by(struct app *app, const struct gate_answer *a)
{
    const char *as = a->code[0] == '\0' ? "Anybody may sign" : parts_competence(app, a->code);
    if (a->countersign[0] == '\0')
        return as;
    return ui_text_f(app->ui, "%s, countersigned by %s", as, competence_name(a->countersign));
}

/* What of all forms this person may sign, by the competences in date: each group of forms under what they are signed by. */
static void person_forms(struct app *app, const struct person_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    struct arena *a = ui_arena(ui);
    size_t count = 0;
    size_t open = 0;
    const struct form_brief *forms = content_forms(app->content, &count);
    const char **by = arena_array(a, count + 1, sizeof(const char *));
    if (by == NULL)
        return;
    for (size_t i = 0; i < count; i++) {
        struct gate_answer g = gate_judge(a, forms[i].competence, s->grants, s->count, app->today);
        by[i] = g.gate == GATE_OPEN || g.gate == GATE_COUNTERSIGN ? person_by(app, &g) : NULL;
        open += by[i] == NULL ? 0 : 1;
    }
    parts_head(app, list, "forms", ui_text_f(ui, "May sign (%zu)", open));
    for (size_t i = 0; i < count; i++) {
        if (by[i] == NULL)
            continue;
        const char *head = by[i];
        const char *names = "";
        size_t n = 0;
        for (size_t k = i; k < count; k++) {
            if (by[k] == NULL || !str_eq(by[k], head))
                continue;
            names = ui_text_f(ui, "%s%s%s", names, n++ == 0 ? "" : " · ", forms[k].title);
            by[k] = NULL;
        }
        parts_head(app, list, ui_text_f(ui, "by%zu", i), ui_text_f(ui, "%s (%zu)", head, n));
        parts_words(app, list, ui_text_f(ui, "by%zu-forms", i), names, TONE_PLAIN);
    }
    if (open < count)
        parts_words(app, list, "others",
                    ui_text_f(ui,
                              "The other %zu only as a trainee: somebody competent countersigns.",
                              count - open),
                    TONE_MUTED);
}

static void person_data(struct app *app, const struct person_state *s, struct ui_scroll *list)
{
    struct ui_tile tile = { .id = "erase",
                            .title = "Erase the name and badge",
                            .words = "Everywhere. What they recorded stays and names nobody",
                            .icon = ICON_PERSON };
    if (s->person.name[0] == '\0')
        return;
    parts_head(app, list, "data", "Personal data");
    if (parts_row(app, list, &tile))
        router_push(app, "erase", &(struct route){ .text = s->person.id });
}

static void person_frame(struct app *app, void *state)
{
    struct person_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen) || s->today != app->today)
        person_read(app, s);
    const char *name =
        s->failed || s->person.name[0] == '\0' ? "A person no longer named" : s->person.name;
    struct rect page = page_begin(app, ui_text_f(ui, "%s", name));
    if (s->failed) {
        page_fault(app, page, "This person could not be read", &s->why);
        return;
    }
    if (s->person.name[0] != '\0' &&
        parts_foot(app, &page, "grant", "Record a competence", ICON_ADD, NULL))
        router_push(app, "grant", &(struct route){ .text = s->person.id });
    struct ui_scroll list = ui_scroll_begin(ui, page, "lines");
    person_grants(app, s, &list);
    person_forms(app, s, &list);
    person_data(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_person = {
    .id = "person",
    .state_size = sizeof(struct person_state),
    .frame = person_frame,
    .leave = person_leave,
};
