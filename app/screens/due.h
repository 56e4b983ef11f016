/* What the files of the list of checks due share: what was read, and how the list is wanted. */
#pragma once

#include "app/screens/alarms.h"
#include "app/screens/due_list.h"
#include "app/screens/places.h"

struct due_state {
    uint64_t seen;
    struct query_when when;
    bool choosing; /* the chips of due_wants stand above the rows */
    bool telling;  /* every alarm, and not the worst alone */
    enum due_list list;
    struct arena arena;
    struct due_work work;
    size_t counts[DUE_TABS], stops;
    unsigned departments; /* that something here is of */
    unsigned mine;        /* those that the person ticked; 0 none, or nobody's to show */
    int32_t dates_end; /* the school's term dates ended on that day; CALDATE_NONE: they have not */
    struct alarms alarms;
    struct places places;
    struct due_begun {
        struct item item;
        const char *form, *title;
        int64_t saved_ms;
        bool gone; /* the content has the form no longer */
    } * begun;     /* checks that somebody began and nobody signed */
    size_t begun_count;
    bool failed;
    struct why why;
};

/* How many stand in each tab, as the list is wanted. */
void due_numbers(struct app *app, struct due_state *s);

/* due_wants.c: the tabs and the choice of departments and order; in large letters on a small or narrow panel (tight) one line
   stands for both, beside what will not wait. */
bool due_roomy(const struct app *app); /* room for the chips beside the list */
bool due_tight(const struct app *app);
int due_tabs_height(struct app *app);
void due_tabs(struct app *app, struct due_state *s, struct rect r);
int due_line_height(struct app *app, const struct due_state *s);
void due_line(struct app *app, struct due_state *s, struct rect r);
void due_which(struct app *app, struct due_state *s, struct rect r);
void due_wants(struct app *app, struct due_state *s, struct ui_scroll *list);
