#include "app/screens/reader_head.h"

#include "app/domain/doc_kinds.h"
#include "app/domain/sign.h"
#include "app/screens/cards.h"
#include "app/screens/doc_open.h"
#include "platform/base/str.h"

void reader_card(struct app *app, struct ui_scroll *list, const char *id, uint32_t icon,
                 const char *title, const char *words, enum ui_card card, enum ui_tone tone)
{
    struct ui *ui = app->ui;
    int inner = list->view.w - 2 * ui_gap(ui);
    int line = ui_line_height(ui, SIZE_BODY);
    int beside = inner - line - ui_mm(ui, 1.5);
    int top = ui_para_height(ui, beside, title, SIZE_BODY, FONT_BOLD);
    int h = top + ui_para_height(ui, inner, words, SIZE_BODY, FONT_REGULAR) + ui_gap(ui) * 2;
    struct rect r = ui_scroll_row(list, h);
    ui_scroll_space(list, ui_gap(ui));
    if (!ui_scroll_visible(list, r))
        return;
    ui_push(ui, id, ROLE_GROUP, title, r);
    ui_card(ui, r, card);
    r = ui_inset(r, ui_gap(ui), ui_gap(ui));
    struct rect head = ui_cut_top(&r, top);
    struct rect mark = ui_cut_left(&head, line);
    mark.h = line;
    ui_icon(ui, mark, icon, tone);
    (void)ui_cut_left(&head, ui_mm(ui, 1.5));
    (void)ui_para(ui, head, "title", title, SIZE_BODY, FONT_BOLD, tone);
    (void)ui_para(ui, r, "words", words, SIZE_BODY, FONT_REGULAR,
                  tone == TONE_ON_DARK ? TONE_ON_DARK : TONE_PLAIN);
    ui_pop(ui);
}

static void head_line(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                      enum ui_size size, enum draw_font font, enum ui_tone tone)
{
    int h = ui_para_height(app->ui, list->view.w, text, size, font);
    struct rect r = ui_scroll_row(list, h);
    if (ui_scroll_visible(list, r))
        (void)ui_para(app->ui, r, id, text, size, font, tone);
    ui_scroll_space(list, ui_mm_y(app->ui, 1.5));
}

static const char *head_joined(struct app *app, const char *const *rows, size_t count)
{
    const char *text = "";
    for (size_t i = 0; i < count; i++)
        text = i == 0 ? rows[0] : ui_text_f(app->ui, "%s\n%s", text, rows[i]);
    return text;
}

/* ---- signs ---- */

/* A sign and what it says, in as many columns as there is room for. */
static void head_signs(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    size_t count = d->hazard_count + d->ppe_count;
    int side = ui_mm_y(ui, 11);
    int columns = list->view.w / ui_mm(ui, 55);
    columns = columns < 1 ? 1 : columns > 3 ? 3 : columns;
    for (size_t from = 0; from < count; from += (size_t)columns) {
        struct rect line = ui_scroll_row(list, side);
        ui_scroll_space(list, ui_mm_y(ui, 1.5));
        for (size_t i = from; i < count && i < from + (size_t)columns; i++) {
            const char *code = i < d->hazard_count ? d->hazards[i] : d->ppe[i - d->hazard_count];
            const char *words = sign_words(code);
            struct rect r = ui_col(line, (int)(i - from), columns, ui_gap(ui));
            int h = ui_para_height(ui, r.w - side - ui_gap(ui), words, SIZE_SMALL, FONT_SEMIBOLD);
            ui_svg(ui, ui_cut_left(&r, side), ui_text_f(ui, "sign%zu", i), words,
                   ui_text_f(ui, "signs/%s.svg", code));
            (void)ui_cut_left(&r, ui_mm(ui, 2));
            r.y += h < r.h ? (r.h - h) / 2 : 0;
            r.h = h > r.h ? h : r.h;
            (void)ui_para(ui, r, ui_text_f(ui, "sign%zu_words", i), words, SIZE_SMALL,
                          FONT_SEMIBOLD, TONE_PLAIN);
        }
    }
}

/* ---- whose word it is ---- */

const char *reader_day(struct app *app, int32_t day)
{
    struct caldate d = caldate_from_day(day);
    return ui_text_f(app->ui, "%d %s %d", d.day, caldate_month_short(d.month), d.year);
}

static const char *head_kind(const struct doc *d)
{
    const struct doc_kind *kind = doc_kind(d->kind);
    return kind != NULL ? kind->name : "Document";
}

static void head_issuer(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    const char *text = head_kind(d);
    if (d->issuer[0] != '\0')
        text = ui_text_f(ui, "%s · issued by %s", text, d->issuer);
    if (d->revision > 1)
        text = ui_text_f(ui, "%s · revision %d", text, d->revision);
    if (d->revised_day != CALDATE_NONE)
        text = ui_text_f(ui, "%s · %s", text, reader_day(app, d->revised_day));
    head_line(app, list, "revised", text, SIZE_SMALL, FONT_REGULAR, TONE_MUTED);
    if (str_eq(d->confidence, "verify"))
        head_line(app, list, "confidence", "Not confirmed: check it before you rely on it",
                  SIZE_SMALL, FONT_SEMIBOLD, TONE_DUE);
}

static void head_age(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    struct ui *ui = app->ui;
    int32_t told = d->revised_day;
    if (!caldate_parse(doc_text(d, "as_of"), &told))
        told = d->revised_day;
    const char *as_of = told == CALDATE_NONE ? "Its date is not given"
                                             : ui_text_f(ui, "As of %s", reader_day(app, told));
    if (d->stale_after != CALDATE_NONE && app->today > d->stale_after)
        reader_card(app, list, "stale", ICON_CLOCK, ui_text_f(ui, "%s: may have changed", as_of),
                    "Its issuer said to look for a newer one by now. It stays readable; ask before "
                    "you rely on a date, a name or an amount.",
                    CARD_DUE, TONE_DUE);
    else if (d->review_on != CALDATE_NONE && app->today > d->review_on)
        reader_card(app, list, "review", ICON_CLOCK,
                    ui_text_f(ui, "Its review was due on %s", reader_day(app, d->review_on)),
                    "Nobody has looked at it again since.", CARD_DUE, TONE_DUE);
}

static void head_changed(struct app *app, struct ui_scroll *list, const struct reader_head *h)
{
    const struct doc *d = h->doc;
    if (d->revision > 1 && d->what_changed[0] != '\0')
        reader_card(app, list, "changed", ICON_INFO,
                    ui_text_f(app->ui, "What changed in revision %d", d->revision), d->what_changed,
                    CARD_INFO, TONE_INFO);
}

/* ---- why it differs ---- */

static const char *head_layer_words(const char *layer)
{
    static const struct {
        const char *layer, *words;
    } rows[] = {
        { "authority", "the local authority" }, { "school", "the school" },
        { "sector", "the sector's body" },      { "national", "the national body" },
        { "sample", "sample content" },
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (str_eq(rows[i].layer, layer))
            return rows[i].words;
    return layer;
}

static void head_versions(struct app *app, struct ui_scroll *list, const struct reader_head *h)
{
    struct ui *ui = app->ui;
    for (size_t i = 0; i < h->layer_count; i++) {
        const struct doc_head *v = &h->layers[i];
        bool here = str_eq(v->layer, h->layer);
        const char *when =
            v->revised_day == CALDATE_NONE ? "no date" : reader_day(app, v->revised_day);
        struct ui_tile tile = {
            .id = ui_text_f(ui, "version_%s", v->layer),
            .title = v->issuer[0] != '\0' ? v->issuer : head_layer_words(v->layer),
            .words = ui_text_f(ui, "%s: %s, revision %d, %s%s", i == 0 ? "In force" : "Overruled",
                               head_layer_words(v->layer), v->revision, when,
                               here ? ": the one you are reading" : ""),
            .icon = i == 0 ? ICON_CHECK : ICON_HISTORY,
        };
        if (!parts_row(app, list, &tile))
            continue;
        if (here)
            app_toast(app, TONE_INFO, "You are reading this one");
        else if (i == 0)
            doc_open(app, h->doc->id);
        else
            doc_open_of(app, h->doc->id, v->layer);
    }
}

static void head_differs(struct app *app, struct ui_scroll *list, struct reader_head *h)
{
    struct ui *ui = app->ui;
    const struct doc *d = h->doc;
    if (h->overruled)
        reader_card(app, list, "overruled", ICON_HISTORY, "Overruled: do not work to this version",
                    h->layer_count > 0
                        ? ui_text_f(ui, "%s has issued its own, which holds at this school.",
                                    h->layers[0].issuer[0] != '\0'
                                        ? h->layers[0].issuer
                                        : head_layer_words(h->layers[0].layer))
                        : "Another version holds at this school.",
                    CARD_DUE, TONE_DUE);
    if (h->layer_count < 2 && d->differs[0] == '\0')
        return;
    struct ui_tile tile = { .id = "differs",
                            .title = "Why does this differ?",
                            .icon = h->differs_open ? ICON_UP : ICON_HELP };
    if (parts_row(app, list, &tile))
        h->differs_open = !h->differs_open;
    if (!h->differs_open)
        return;
    parts_words(app, list, "differs_words",
                d->differs[0] != '\0'
                    ? d->differs
                    : "The employer's word stands above the national body's, and that above the "
                      "sample. Its issuer gave no reason.",
                TONE_PLAIN);
    head_versions(app, list, h);
}

/* ---- all of it ---- */

void reader_head_draw(struct app *app, struct ui_scroll *list, struct reader_head *h)
{
    const struct doc *d = h->doc;
    if (d->withdrawn[0] != '\0')
        reader_card(app, list, "withdrawn", ICON_CROSS, "Withdrawn: do not use", d->withdrawn,
                    CARD_BAD, TONE_BAD);
    if (h->unread)
        head_changed(app, list, h);
    head_age(app, list, d);
    if (d->example[0] != '\0' && !str_eq(d->example, "no"))
        head_line(app, list, "example",
                  str_eq(d->kind, "assessment") || str_eq(d->kind, "guidance")
                      ? "Example: not adopted by any employer"
                      : "Example: not real",
                  SIZE_SMALL, FONT_SEMIBOLD, TONE_INFO);
    if (h->overruled)
        head_differs(app, list, h);
    if (d->summary[0] != '\0')
        head_line(app, list, "summary", d->summary, SIZE_BODY, FONT_MEDIUM, TONE_PLAIN);
    head_signs(app, list, d);
    if (d->do_not_count > 0)
        reader_card(app, list, "do_not", ICON_CROSS, "Do not",
                    head_joined(app, (const char *const *)d->do_nots, d->do_not_count), CARD_BAD,
                    TONE_BAD);
    if (d->if_wrong[0] != '\0')
        reader_card(app, list, "if_wrong", ICON_FIRE, "If it goes wrong", d->if_wrong, CARD_BAD,
                    TONE_BAD);
    if (d->who[0] != '\0' && !str_eq(d->kind, "person"))
        reader_card(app, list, "who", ICON_PEOPLE, "Who may do it", d->who, CARD_INFO, TONE_INFO);
    head_issuer(app, list, d);
    if (!h->overruled)
        head_differs(app, list, h);
    (void)card_draw(app, list, d);
    if (!h->unread)
        head_changed(app, list, h);
}

static const char *rest_entry(struct app *app, const struct doc_node *item)
{
    static const char *const keys[] = { "what", "text", "see",        "who",  "how",
                                        "do",   "then", "stop_point", "each", "chemical" };
    const char *text = item->text;
    for (size_t i = 0; item->kind == DOC_NODE_MAP && i < COUNT_OF(keys); i++) {
        const char *more = doc_node_text(item, keys[i]);
        if (*more != '\0')
            text = *text == '\0' ? more : ui_text_f(app->ui, "%s · %s", text, more);
    }
    return text;
}

void reader_rest_draw(struct app *app, struct ui_scroll *list, const struct doc *d)
{
    static const struct {
        const char *key, *title;
    } parts[] = {
        { "hazards", "What can hurt" },     { "controls", "What keeps it safe" },
        { "quantities", "For each group" }, { "prep", "Get ready" },
        { "disposal", "Clearing up" },      { "emergency", "In an emergency" },
    };
    struct ui *ui = app->ui;
    for (size_t i = 0; i < COUNT_OF(parts) && str_eq(d->kind, "assessment"); i++) {
        const struct doc_node *node = doc_get(d, parts[i].key);
        bool maps = node != NULL && node->kind == DOC_NODE_LIST && node->count > 0;
        if (!maps || (str_eq(parts[i].key, "hazards") && node->items[0].kind != DOC_NODE_MAP))
            continue;
        parts_head(app, list, parts[i].key, parts[i].title);
        for (size_t j = 0; j < node->count; j++) {
            const char *words = rest_entry(app, &node->items[j]);
            if (*words != '\0')
                head_line(app, list, ui_text_f(ui, "%s%zu", parts[i].key, j),
                          ui_text_f(ui, "• %s", words), SIZE_BODY, FONT_REGULAR, TONE_PLAIN);
        }
    }
}
