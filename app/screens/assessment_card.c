#include "app/screens/assessment_card.h"

#include "platform/base/str.h"

enum { CARD_BLANKS = 4 };

/* "Class 4B1 · copy 0f3c… signed 12 Nov 2026, from c04, revision 2": what hangs on a tray can be found again on the kiosk. */
static const char *card_source(struct app *app, const struct sheet_print *p)
{
    struct ui *ui = app->ui;
    const struct adaptation *copy = p->copy;
    if (copy == NULL)
        return ui_text_f(ui, "%s, revision %d", p->sheet->doc.id, p->sheet->doc.revision);
    return ui_text_f(ui, "%s%s%s%s, from %s, revision %d",
                     copy->class_name[0] == '\0' ? "" : "Class ", copy->class_name,
                     copy->class_name[0] == '\0' ? "" : " · ", print_copy_words(app, p),
                     copy->model, copy->revision);
}

/* What both begin with: which it is, whether it may be used, what never to do, what to wear. */
static void card_head(struct app *app, struct paper *paper, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    paper_add(paper, PAPER_HEADING, print_title(p));
    paper_add(paper, PAPER_TEXT, card_source(app, p));
    if (print_example(s))
        paper_add(paper, PAPER_TEXT, "Example: not adopted by any employer");
    if (p->draft)
        paper_box(paper, "DRAFT", p->state == NULL ? "" : p->state);
    if (sheet_count(s, "do_not") > 0)
        paper_box(paper, "DO NOT", print_lines(app, s, "do_not"));
    if (sheet_count(s, "ppe") > 0)
        paper_add(paper, PAPER_TEXT, ui_text_f(app->ui, "Wear: %s", print_words(app, s, "ppe")));
}

/* Every strength with the words of its label: a bottle on the tray is compared with the card. */
static void card_chemicals(struct app *app, struct paper *paper, const struct sheet *s)
{
    for (size_t i = 0; i < s->chemical_count; i++) {
        const struct sheet_chemical *c = &s->chemicals[i];
        if (i == 0)
            paper_add(paper, PAPER_HEADING, "Substances used or made");
        paper_item(paper, "•",
                   ui_text_f(app->ui, "%s, %s%s%s. %s", c->name, c->strength,
                             c->volume[0] == '\0' ? "" : ", each group ", c->volume,
                             print_label(app, c)));
    }
}

static void card_row(struct paper *paper, bool head, const char *what)
{
    const char *const cells[] = { what, head ? "Out" : "☐", head ? "Back" : "☐" };
    paper_row(paper, head, cells, COUNT_OF(cells));
}

static void card_tray(struct paper *paper, const struct sheet *s)
{
    const struct adapt_line *line;
    paper_columns(paper, (const int[]){ 20, 3, 3 }, 3);
    card_row(paper, true, "In the tray");
    for (size_t i = 0; (line = sheet_line(s, "quantity", i)) != NULL; i++)
        card_row(paper, false, line->text);
    /* Nothing is made up where it names nothing: whoever fills the tray writes it. */
    for (size_t i = 0; sheet_count(s, "quantity") == 0 && i < CARD_BLANKS; i++)
        card_row(paper, false, "……………………………………");
    paper_columns(paper, NULL, 0);
    paper_add(paper, PAPER_TEXT,
              "Everything that went out comes back: also what is empty, broken or left over.");
}

/* What stands in the room already or is carried by itself: it is in no tray. */
static void card_kits(struct app *app, struct paper *paper, const struct sheet *s)
{
    const char *text = "";
    for (size_t i = 0; i < s->kit_count; i++)
        text = ui_text_f(app->ui, "%s%s%s", text, i == 0 ? "To hand: " : ", ",
                         print_kit_name(app, &s->kits[i]));
    if (text[0] != '\0')
        paper_add(paper, PAPER_TEXT, text);
}

void card_fill(struct app *app, struct paper *card, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    card->form = PAPER_CARDS_A4;
    card->head = arena_printf(card->a, "%s, %s", print_title(p), card_source(app, p));
    paper_add(card, PAPER_GROUP, "");
    card_head(app, card, p);
    if (sheet_count(s, "sign") > 0)
        paper_add(card, PAPER_TEXT, ui_text_f(app->ui, "Beware: %s", print_words(app, s, "sign")));
    card_chemicals(app, card, s);
    card_tray(card, s);
    card_kits(app, card, s);
    card->full = card->full || card->head == NULL;
}

bool card_by_group(const struct sheet_print *p)
{
    bool each = sheet_count(p->sheet, "quantity") > 0;
    for (size_t i = 0; i < p->sheet->chemical_count; i++)
        each = each || p->sheet->chemicals[i].volume[0] != '\0';
    /* What pupils only look at has one tray. */
    return each && p->sheet->mode == ASSESSMENT_PUPILS;
}

void strip_fill(struct app *app, struct paper *strip, const struct sheet_print *p)
{
    const struct sheet *s = p->sheet;
    const struct adapt_line *line;
    strip->form = PAPER_ROLL_80;
    card_head(app, strip, p);
    paper_box(strip, "If it goes wrong", sheet_text(s, "if_wrong"));
    for (size_t i = 0; (line = sheet_line(s, "emergency", i)) != NULL; i++)
        paper_item(strip, "•", line->text);
}
