/* Everything else about an item: its other checks, its readings, its kit, where it is, the end of its service, its facts. */
#include "app/screens/affects.h"
#include "app/screens/ask.h"
#include "app/screens/change.h"
#include "app/screens/item.h"
#include "platform/base/str.h"

enum more_act { MORE_NOTHING, MORE_LOST, MORE_FOUND, MORE_UNRETIRE, MORE_LEAVE_KIT };

static void more_do(struct app *app, struct item_state *s)
{
    struct item_draft draft = change_draft(&s->item);
    const char *said = "";
    switch ((enum more_act)s->act) {
    case MORE_NOTHING:
        return;
    case MORE_LOST:
        draft.lost = true;
        said = ui_text_f(app->ui, "%s is lost. Scan it when it turns up.", s->item.name);
        break;
    case MORE_FOUND:
        draft.lost = false;
        said = ui_text_f(app->ui, "%s is found. Check it before use.", s->item.name);
        break;
    case MORE_UNRETIRE:
        draft.retired = false;
        draft.retired_why = "";
        said = ui_text_f(app->ui, "%s is in service again. Check it before use.", s->item.name);
        break;
    case MORE_LEAVE_KIT:
        draft.kit = "";
        said = ui_text_f(app->ui, "%s is in no kit any more", s->item.name);
        break;
    }
    (void)change_record(app, &draft, said);
}

static void more_ask(struct app *app, struct item_state *s, enum more_act act)
{
    s->act = (int)act;
    if (parts_sign(app, &s->pending, 0, s->item.name))
        more_do(app, s);
}

static const char *more_form_words(struct app *app, const struct item_state *s,
                                   const struct form_brief *form)
{
    const char *often = status_interval_text(ui_arena(app->ui), form->interval);
    for (size_t i = 0; i < s->past_count; i++)
        if (s->past[i].counts && str_eq(s->past[i].form, form->id))
            return ui_text_f(app->ui, "%s%slast %s", often == NULL ? "" : often,
                             often == NULL || often[0] == '\0' ? "" : " · ",
                             page_day(app, s->past[i].day));
    return often == NULL || often[0] == '\0' ? "When it is called for" : often;
}

static void more_form(struct app *app, const struct item_state *s, struct ui_scroll *list,
                      const struct form_brief *form)
{
    bool custody = form->custody[0] != '\0';
    struct ui_tile tile = { .id = ui_text_f(app->ui, "form-%s", form->id),
                            .title = form->title,
                            .words = more_form_words(app, s, form),
                            .icon = form->life[0] != '\0' ? ICON_TUBE
                                    : custody             ? ICON_PLACE
                                                          : ICON_CHECKLIST };
    if (parts_row(app, list, &tile))
        item_start(app, s, form->id);
}

/* What takes it out is offered while it is in, and the other way about; what may not be used goes to nobody. */
static bool more_custody(const struct item_state *s, const struct form_brief *form)
{
    bool out = s->status.facts != NULL && s->status.facts->out;
    if (!out && !status_may_leave(&s->status))
        return false;
    /* A source or a culture leaves by its own form or not at all: a loan would go round who may take it. */
    if (!out && str_eq(form->applies_to, "*") && !str_eq(form->id, s->custody_out))
        return false;
    return str_eq(form->custody, out ? "in" : "out");
}

static void more_checks(struct app *app, const struct item_state *s, struct ui_scroll *list)
{
    const struct form_brief *tray = NULL;
    if (s->form_count > 0)
        parts_head(app, list, "checks", "Checks and records");
    for (size_t i = 0; i < s->form_count; i++) {
        if (s->forms[i]->custody[0] == '\0')
            more_form(app, s, list, s->forms[i]);
        if (tray == NULL && (s->forms[i]->tray || s->forms[i]->quick_pass))
            tray = s->forms[i];
    }
    for (size_t i = 0; i < s->form_count; i++)
        if (more_custody(s, s->forms[i]))
            more_form(app, s, list, s->forms[i]);
    if (tray == NULL || screen_by_id("tray") == NULL)
        return;
    struct ui_tile many = { .id = "tray",
                            .title = "Check many like it",
                            .words = "Scan them all, then one answer for the tray",
                            .icon = ICON_QR_SCAN };
    if (parts_row(app, list, &many))
        router_push(app, "tray", &(struct route){ .item = s->item.id, .form = tray->id });
}

struct more_row {
    bool shown;
    const char *id, *title, *words, *screen;
    uint32_t icon;
    enum more_act act;
};

static void more_list(struct app *app, struct item_state *s, struct ui_scroll *list,
                      const struct more_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].shown)
            continue;
        struct ui_tile tile = {
            .id = rows[i].id, .title = rows[i].title, .words = rows[i].words, .icon = rows[i].icon
        };
        if (!parts_row(app, list, &tile))
            continue;
        if (rows[i].screen != NULL)
            router_push(app, rows[i].screen, &(struct route){ .item = s->item.id });
        else
            more_ask(app, s, rows[i].act);
    }
}

static bool more_is_instrument(const struct item_state *s)
{
    for (size_t i = 0; i < s->form_count; i++)
        if (s->forms[i]->calibration)
            return true;
    return s->touched > 0;
}

static void more_records(struct app *app, struct item_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    const struct more_row rows[] = {
        { s->past_count > 0, "readings", "Readings over time", "With their limits", "readings",
          ICON_GAUGE, MORE_NOTHING },
        { more_is_instrument(s), "touched", ui_text_f(ui, "Results it touched (%zu)", s->touched),
          "Every reading that was taken with it", "touched", ICON_LINK, MORE_NOTHING },
        { true, "papers",
          s->papers > 0 ? ui_text_f(ui, "Certificates and reports (%zu)", s->papers)
                        : "Certificates and reports",
          s->papers > 0 ? NULL : "Attach one from a stick", "certificates", ICON_DOCUMENT,
          MORE_NOTHING },
        { true, "kit",
          s->members > 0 ? ui_text_f(ui, s->members == 1 ? "Kit (%zu member)" : "Kit (%zu members)",
                                     s->members)
                         : "Make it a kit",
          s->members > 0 ? NULL : "Scan what belongs together with it", "kit", ICON_CHECKLIST,
          MORE_NOTHING },
        { s->item.kit[0] != '\0', "leave_kit", "Take it out of its kit", NULL, NULL, ICON_UNDO,
          MORE_LEAVE_KIT },
    };
    parts_head(app, list, "records", "What belongs to it");
    more_list(app, s, list, rows, COUNT_OF(rows));
    const struct kind *kind = content_kind(app->content, s->item.kind);
    struct ui_tile guidance = { .id = "guidance", .title = "Guidance", .icon = ICON_BOOK };
    if (kind != NULL && kind->guidance[0] != '\0' && parts_row(app, list, &guidance))
        router_push(app, "reader", &(struct route){ .doc = kind->guidance });
    struct ui_tile ask = { .id = "ask",
                           .title = "Ask SSERC about it",
                           .words = "And what was answered before",
                           .icon = ICON_ASK };
    if (parts_row(app, list, &ask))
        ask_item(app, s->item.id);
}

static void more_register(struct app *app, struct item_state *s, struct ui_scroll *list)
{
    const struct item *i = &s->item;
    const struct more_row rows[] = {
        { !i->retired, "move", "Move", "Another room, shelf or school", "move", ICON_PLACE,
          MORE_NOTHING },
        { true, "edit", "Edit particulars", "Name, maker, model, serial", "edit", ICON_PENCIL,
          MORE_NOTHING },
        { true, "clone", "Register more like it", "Scan label after label", "many", ICON_ADD,
          MORE_NOTHING },
        { !i->lost && !i->retired, "lost", "It is lost", "Takes it off the lists until it is found",
          NULL, ICON_HELP, MORE_LOST },
        { i->lost, "found", "It is found", NULL, NULL, ICON_CHECK, MORE_FOUND },
        { !i->retired, "retire", "Retire it", "Out of service for good, with the reason", "retire",
          ICON_SKIP, MORE_NOTHING },
        { i->retired, "unretire", "Put it back into service", NULL, NULL, ICON_UNDO,
          MORE_UNRETIRE },
    };
    parts_head(app, list, "register", "The register");
    more_list(app, s, list, rows, COUNT_OF(rows));
}

static void more_facts(struct app *app, const struct item_state *s, struct ui_scroll *list)
{
    const struct item *i = &s->item;
    const struct {
        const char *id, *name, *value;
    } rows[] = {
        { "label", "Label", i->label },
        { "detail", "Told apart by", i->detail },
        { "maker", "Maker", i->maker },
        { "model", "Model", i->model },
        { "serial", "Serial number", i->serial },
        { "school", "School", i->school },
        { "why", "Retired because", i->retired_why },
    };
    parts_head(app, list, "facts", "What is known of it");
    for (size_t k = 0; k < COUNT_OF(rows); k++)
        if (rows[k].value[0] != '\0')
            parts_line(app, list, rows[k].id, rows[k].name, rows[k].value, TONE_PLAIN);
    facts_lines(app, list, s->facts, s->fact_count);
}

/* What was published about its kind and nobody considered yet, and what helps with it. */
static void more_services(struct app *app, const struct item_state *s, struct ui_scroll *list)
{
    const char *ref = ui_text_f(app->ui, "kind:%s", s->item.kind);
    (void)affects_draw(app, list, ref);
    (void)affects_helps(app, list, ref);
}

static void more_frame(struct app *app, void *state)
{
    struct item_state *s = state;
    struct ui *ui = app->ui;
    item_refresh(app, s);
    if (parts_signed(app, &s->pending, 0) && !s->failed)
        more_do(app, s);
    struct rect page = page_begin(app, s->failed ? "More" : ui_text_f(ui, "%s", s->item.name));
    if (s->failed) {
        page_fault(app, page, "This item could not be read", &s->why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "more");
    more_checks(app, s, &list);
    more_records(app, s, &list);
    more_services(app, s, &list);
    more_register(app, s, &list);
    more_facts(app, s, &list);
    ui_scroll_end(ui, &list);
}

const struct screen screen_more = {
    .id = "more",
    .state_size = sizeof(struct item_state),
    .frame = more_frame,
    .leave = item_done,
};
