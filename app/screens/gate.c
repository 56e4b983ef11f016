/* Who may sign: whoever lacks what the form asks for is told what, and who at the school has it. */
#include <string.h>

#include "app/screens/check.h"
#include "platform/base/str.h"

enum { GATE_HOLDERS_MAX = 6, GATE_NAMES_MAX = 1024 };

/* Names of who has the competence, for people: "Mòrag Sample, Ailsa O'Hara". */
static const char *gate_holders(struct app *app, const char *needs, struct arena *a)
{
    struct competence_needs wish;
    struct buf names;
    size_t told = 0;
    if (!competence_parse(needs, &wish))
        return "";
    buf_init(&names, GATE_NAMES_MAX);
    for (size_t i = 0; i < wish.count; i++) {
        struct person *people = NULL;
        size_t count = 0;
        if (query_holders(&app->store, wish.codes[i], app->today, a, &people, &count, NULL) !=
            ERR_OK)
            continue;
        for (size_t k = 0; k < count && told < GATE_HOLDERS_MAX; k++) {
            if (names.len > 0 && strstr(names.data, people[k].name) != NULL)
                continue;
            buf_printf(&names, "%s%s", told == 0 ? "" : ", ", people[k].name);
            told++;
        }
    }
    const char *out = names.len == 0 ? "" : arena_strndup(a, names.data, names.len);
    buf_free(&names);
    return out == NULL ? "" : out;
}

enum err gate_read(struct app *app, const char *needs, struct arena *a, struct gate_answer *out,
                   const char **out_holders, struct why *why)
{
    struct grant *grants = NULL;
    size_t count = 0;
    enum err rc = query_grants(&app->store, app->session.person, a, &grants, &count, why);
    if (rc != ERR_OK)
        return rc;
    *out = gate_judge(a, needs, grants, count, app->today);
    *out_holders = gate_holders(app, out->gate == GATE_COUNTERSIGN ? out->countersign : needs, a);
    return ERR_OK;
}

struct gate_words {
    const char *title, *words, *holders, *trainee;
};

static struct gate_words gate_words(struct app *app, const struct gate_ask *ask)
{
    struct ui *ui = app->ui;
    bool second = ask->gate->gate == GATE_COUNTERSIGN;
    struct gate_words w = {
        .title = second ? "A second person must countersign"
                        : ui_text_f(ui, "%s may not sign this alone", app->session.name),
        .words = ask->gate->words,
        .holders = ask->holders[0] == '\0' ? "Nobody at this school has it on record."
                                           : ui_text_f(ui, "At this school: %s.", ask->holders),
        .trainee = second ? "Sign, countersign later" : "Sign as trainee",
    };
    if (ask->release)
        w.words = ui_text_f(ui, "%s The item stays out of use until it is countersigned.", w.words);
    return w;
}

static void gate_card(struct app *app, struct rect page, const struct gate_words *w)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    const struct {
        const char *id, *text;
        enum draw_font font;
    } lines[] = { { "gate_title", w->title, FONT_BOLD },
                  { "gate_words", w->words, FONT_REGULAR },
                  { "gate_holders", w->holders, FONT_SEMIBOLD } };
    struct ui_scroll list = ui_scroll_begin(ui, page, "gate");
    int inner = list.view.w - 2 * gap;
    int h = 2 * gap;
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        h += ui_para_height(ui, inner, lines[i].text, SIZE_BODY, lines[i].font) + ui_mm_y(ui, 2);
    struct rect card = ui_scroll_row(&list, h);
    ui_card(ui, card, CARD_DUE);
    card = ui_inset(card, gap, gap);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        int used =
            ui_para(ui, card, lines[i].id, lines[i].text, SIZE_BODY, lines[i].font, TONE_PLAIN);
        (void)ui_cut_top(&card, used + ui_mm_y(ui, 2));
    }
    ui_scroll_end(ui, &list);
}

enum gate_choice gate_panel(struct app *app, struct rect page, const struct gate_ask *ask)
{
    struct ui *ui = app->ui;
    struct gate_words w = gate_words(app, ask);
    int gap = ui_gap(ui);
    int count = ask->many ? 2 : 3;
    enum gate_choice choice = GATE_CHOOSE;
    bool stacked = ui_portrait(ui);
    int line = page_primary(app);
    struct rect foot = ui_cut_bottom(&page, stacked ? count * line + (count - 1) * gap : line);
    (void)ui_cut_bottom(&page, gap);
    gate_card(app, page, &w);
    struct rect cell[3];
    for (int i = 0; i < count; i++)
        cell[i] = stacked ? ui_row(foot, i, count, gap) : ui_col(foot, i, count, gap);
    if (ui_button(ui, cell[0], "answers", "Back to the answers", ICON_BACK, UI_PLAIN))
        choice = GATE_BACK;
    if (ui_button(ui, cell[1], "trainee", w.trainee, ICON_PENCIL,
                  ask->many ? UI_PRIMARY : UI_PLAIN))
        choice = GATE_TRAINEE;
    if (!ask->many &&
        ui_button(ui, cell[2], "countersign", "Countersign now", ICON_PEOPLE, UI_PRIMARY))
        choice = GATE_NOW;
    return choice;
}
