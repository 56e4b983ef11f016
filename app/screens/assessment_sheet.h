/* A risk assessment as its screens show it: the model itself, or a copy for a class as it was signed. Both are lists of
   lines (app/domain/adapt.h), so that what is signed is what is shown. What the register, the chemicals and the people of
   the school say about it is read with it. */
#pragma once

#include "app/domain/chemical.h"
#include "app/screens/assessment_face.h"
#include "app/store/reading.h"

enum { SHEET_STOPS_MAX = 16, SHEET_NAME_MAX = 160 };

/* A kind of equipment that it needs, and what the register has of it. */
struct sheet_kit {
    const char *kind, *name; /* kind "": only a name */
    size_t have, stopped, need;
    const char *open;  /* the item that a tap leads to: one that is out of use first; NULL none */
    const char *words; /* "1 of 3 pressure cookers may not be used"; "" all is well */
    enum ui_tone tone;
};
/* A substance at the strength that is used. */
struct sheet_chemical {
    const char *id, *name, *strength, *volume;
    bool found;     /* the content has its page */
    bool plain;     /* as it is bought: its strength says nothing more */
    bool withdrawn; /* its page was taken out of use, or a notice stops it */
    struct chem_at at;
    unsigned rank;
    const char *says;
};

struct sheet {
    struct doc doc;
    struct assessment model;
    bool has_model; /* the content still has it */
    struct adapt_lines lines;
    enum assessment_mode mode;
    enum assessment_level level;
    struct sheet_kit *kits;
    size_t kit_count;
    struct sheet_chemical *chemicals; /* worst first */
    size_t chemical_count;
    /* Who may prepare it: the code's words, and how many at this school hold it in date. */
    const char *needs, *needs_code;
    size_t holders;
    const char *holder_names;
    size_t lapsed; /* how many hold it past its refresh day */
    struct review_trigger *triggers;
    size_t trigger_count;
    struct incident_row *incidents; /* what went wrong, those that still stand first */
    size_t incident_count;
};

/* The model of a document's id. The errors of content_doc and assessment_from_doc. */
MUST_USE enum err sheet_read(struct app *app, struct arena *a, const char *doc, struct sheet *out,
                             struct why *why);
/* A signed copy; the model is read too where the content has it. */
MUST_USE enum err sheet_read_copy(struct app *app, struct arena *a, const struct adaptation *x,
                                  struct sheet *out, struct why *why);

/* Who may prepare it, for both of them (assessment_ready.c). The errors of query_holders and query_grants. */
MUST_USE enum err sheet_read_holders(struct app *app, struct arena *a, struct sheet *s,
                                     struct why *why);

/* Lines of one key, by place from 0; NULL past the last. */
const struct adapt_line *sheet_line(const struct sheet *s, const char *key, size_t at);
size_t sheet_count(const struct sheet *s, const char *key);
/* The text of the one line with that path; "" none. */
const char *sheet_text(const struct sheet *s, const char *path);
/* The last part of a line's path: "m004", "12", "+1". */
const char *sheet_tail(const struct adapt_line *line);
/* Why skipping a control can maim or kill; "" it is no stop-point. */
const char *sheet_stop(const struct sheet *s, const struct adapt_line *control);

/* Level, signs, do-nots and what stands against it, as the first screen shows them; in the frame's arena. */
void sheet_face(struct app *app, const struct sheet *s, struct face *out);
/* part: of the steps, where it is told whole. */
void sheet_alert(struct face *f, const char *id, const char *part, const char *words,
                 enum ui_tone tone);
/* With words for where there is one line for all alerts. */
void sheet_alert_brief(struct face *f, const char *id, const char *part, const char *words,
                       const char *brief, enum ui_tone tone);

/* The parts of the rest of the page, as rows of a scrolling list (assessment_rest.c, assessment_ready.c,
   assessment_chemicals.c). First the title whole, where the bar had to cut it. */
void sheet_title(struct app *app, struct ui_scroll *list, const struct sheet *s);
void sheet_steps(struct app *app, struct ui_scroll *list, const struct sheet *s);
/* Returns where the chemicals begin in the list, px from its top. */
int sheet_ready(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked);
void sheet_chemicals(struct app *app, struct ui_scroll *list, const struct sheet *s);
void sheet_emergency(struct app *app, struct ui_scroll *list, const struct sheet *s);
void sheet_hazards(struct app *app, struct ui_scroll *list, const struct sheet *s);
/* A list of one key, numbered or not; nothing when there is none. And the room between two parts. */
void sheet_list(struct app *app, struct ui_scroll *list, const struct sheet *s, const char *key,
                const char *title, bool numbered);
void sheet_space(struct app *app, struct ui_scroll *list);
/* What to do, and what to get ready, as the first screen's cards; in the frame's arena. */
struct face_card sheet_card_todo(struct app *app, const struct sheet *s);
struct face_card sheet_card_ready(struct app *app, const struct sheet *s);
/* All of them after each other. */
void sheet_rest(struct app *app, struct ui_scroll *list, const struct sheet *s, bool *ticked);
/* Lines that differ from the model, each with what it does. */
void sheet_difference(struct app *app, struct ui_scroll *list, const struct adapt_change *changes,
                      size_t count);
