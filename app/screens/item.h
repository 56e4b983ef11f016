/* What the files of the item's screens share: what was read of it, and the parts of its page. */
#pragma once

#include "app/screens/facts.h"
#include "app/screens/life.h"

struct item_state {
    uint64_t seen;
    struct query_when when;
    struct arena arena; /* of what was read */
    bool failed;
    struct why why;
    struct item item;
    struct status status;
    struct past_check *past;
    size_t past_count;
    struct fact *facts;
    size_t fact_count;
    struct life_line life;
    size_t members, touched, papers;
    const struct certificate *paper_rows;  /* the newest first */
    size_t members_stopped;                /* members of a kit that must not be used */
    const char *stopped_name;              /* of the first of them */
    const struct form_brief *const *forms; /* that apply to its kind */
    size_t form_count;
    const char *custody_in, *custody_out; /* the forms that do so; NULL */
    /* A bottle: the document of its chemical, its name, and the strength on its label; "" otherwise. */
    const char *chemical, *chemical_name, *strength;
    const char *chemical_says; /* its signal word there */
    const char **chemical_signs;
    size_t chemical_sign_count;
    bool draft;
    char draft_form[96];
    bool pending; /* «More»: an act that waits for a signature */
    int act;
    bool again; /* a notice: the answer is to be given anew */
    char
        asked[STOP_KEY_MAX + 1]; /* and the notice that it was given about: signing takes a while */
    int asked_revision;
};

/* Reads all again when the store changed. */
void item_refresh(struct app *app, struct item_state *s);
void item_done(struct app *app, void *state);

/* What the main button starts. form NULL: nothing. */
struct item_main {
    const char *form, *words;
    uint32_t icon;
};
struct item_main item_main(struct app *app, const struct item_state *s);
void item_start(struct app *app, const struct item_state *s, const char *form);
/* A check that comes round, or one that found something; not a form that is there for when it is needed. */
bool item_cycle_shown(const struct cycle_status *c);

/* item_card.c: what it is and what is due, in a card or as rows of the page; what happened lately. */
void item_card_rows(struct app *app, struct ui_scroll *list, const struct item_state *s);
void item_card(struct app *app, struct rect r, const struct item_state *s);
void item_past(struct app *app, struct rect r, const struct item_state *s);
/* item_stop.c: the whole page in red, while a fail is open. */
void item_stop(struct app *app, struct rect page, const struct item_state *s);
/* Of such a page: its big words, a paragraph, which item it is, and the small buttons in so many columns. */
void item_stop_head(struct app *app, struct ui_scroll *list);
void item_stop_para(struct app *app, struct ui_scroll *list, const char *id, const char *text,
                    enum ui_size size, enum draw_font font);
void item_stop_item(struct app *app, struct ui_scroll *list, const struct item_state *s);
void item_stop_small(struct app *app, struct rect r, const struct item_state *s, int columns);
/* item_recall.c: the whole page in red, while a recall or stop notice holds it back. */
void item_recall(struct app *app, struct rect page, struct item_state *s);
