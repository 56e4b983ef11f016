/* A page that has nothing to show, or trouble to tell: what happened, and what to do. */
#include "app/screens/page.h"
#include "app/screens/parts.h"

/* The whole card, with a picture, its words at ease; false when r has no room for it. */
static bool empty_card(struct app *app, struct rect r, uint32_t icon, const char *title,
                       const char *words)
{
    struct ui *ui = app->ui;
    int pad = ui_gap(ui) * 2;
    int text_w = r.w - 2 * pad;
    int h = pad * 2 + ui_mm_y(ui, 12) + ui_para_height(ui, text_w, title, SIZE_TITLE, FONT_BOLD) +
            ui_gap(ui) + ui_para_height(ui, text_w, words, SIZE_BODY, FONT_REGULAR);
    if (h > r.h)
        return false;
    struct rect card = { r.x, r.y, r.w, h };
    ui_card(ui, card, CARD_PLAIN);
    card = ui_inset(card, pad, pad);
    struct rect picture = ui_cut_top(&card, ui_mm_y(ui, 10));
    ui_icon(ui, ui_cut_left(&picture, picture.h), icon, TONE_ACCENT);
    (void)ui_cut_top(&card, ui_mm_y(ui, 2));
    int used = ui_para(ui, card, "nothing", title, SIZE_TITLE, FONT_BOLD, TONE_PLAIN);
    (void)ui_cut_top(&card, used + ui_gap(ui));
    (void)ui_para(ui, card, "nothing_words", words, SIZE_BODY, FONT_REGULAR, TONE_MUTED);
    return true;
}

void page_empty(struct app *app, struct rect r, uint32_t icon, const char *title, const char *words)
{
    struct ui *ui = app->ui;
    if (page_cramped(app)) {
        (void)ui_para(ui, r, "nothing", title, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
        return;
    }
    if (empty_card(app, r, icon, title, words))
        return;
    /* In whatever height there is, the words are there: cut off below a card they would tell nobody anything. */
    struct ui_scroll list = ui_scroll_begin(ui, r, "empty");
    parts_head(app, &list, "nothing", title);
    if (words[0] != '\0')
        parts_words(app, &list, "nothing_words", words, TONE_MUTED);
    ui_scroll_end(ui, &list);
}

void page_no_content(struct app *app, struct rect r)
{
    const struct content_view *v = app_content_view(app);
    if (v->damaged) {
        page_empty(app, r, ICON_DOCUMENT, "Being checked again (S-517)",
                   ui_text_f(app->ui, "%s %s %s", v->what, v->means, v->todo));
        return;
    }
    page_empty(app, r, ICON_DOCUMENT, "No content has come to this kiosk yet",
               "Checks, assessments, guidance and notices come with your authority's content. Ask "
               "your IT to bring it, or SSERC for the national part. What is recorded here is kept "
               "meanwhile.");
}

bool page_lacks_content(struct app *app, struct rect r)
{
    if (!content_none(app->content))
        return false;
    page_no_content(app, r);
    return true;
}

void page_fault(struct app *app, struct rect r, const char *what, const struct why *why)
{
    /* Nothing is broken where nothing has come. */
    if (content_none(app->content)) {
        page_no_content(app, r);
        return;
    }
    page_empty(app, r, ICON_ALERT, what,
               ui_text_f(app->ui,
                         "Nothing recorded is lost. Go back and try again; if it stays, tell IT "
                         "the code K-100 and "
                         "this: %s",
                         why->text));
}
