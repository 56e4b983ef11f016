/* The checks that are due, as every screen counts and orders them: the list itself, the head teacher's page. One item is one
   place to go to, whatever it needs. */
#pragma once

#include "app/domain/department.h"
#include "app/domain/schedule.h"
#include "app/screens/parts.h"

enum { DUE_TABS = 4 };

/* What the order and the filter need of a row's item. */
struct due_mark {
    unsigned departments; /* by its room's name, else by the subjects of its kind's guidance */
    /* How dangerous its kind is, by the content: the gravest action that a fail of any of its checks asks for (F5 an outside
       examination ... F1 put right), and among equals the most binding basis of them. Higher is worse. */
    int danger;
};
struct due_work {
    struct due_row *rows; /* in walking order, those of an item together, the most urgent first */
    struct due_mark *marks;
    size_t count;
    const char *school;
};

/* In the arena. The errors of query_due. */
MUST_USE enum err due_work_read(struct app *app, struct arena *a, struct due_work *out,
                                struct why *why);
/* Whether the check belongs in the list. What failed stands among what may not be used, and not twice. */
bool due_work_in(const struct due_work *w, size_t at, enum due_list list);
/* Items in a list (departments 0: of all), and items that may not be used. */
size_t due_work_count(const struct due_work *w, enum due_list list, unsigned departments);
size_t due_work_stops(const struct due_work *w);
/* The first row of an item that may not be used. */
bool due_work_stop(const struct due_work *w, size_t at);
/* Every department that some item is of. */
unsigned due_work_departments(const struct due_work *w);

/* What is asked of due_work_order. */
struct due_order {
    enum due_list list;
    unsigned departments;
    bool by_date; /* by date, then danger; else as they stand */
    int32_t today;
};
/* One row for each item of the list: the most urgent of its checks in walking order, the earliest by date. In the arena;
   false: no room. */
MUST_USE bool due_work_order(const struct due_work *w, const struct due_order *o, struct arena *a,
                             size_t **out, size_t *out_count);
/* The day by which a check is sorted: what has none, or waits for a fault, is for today. */
int32_t due_work_day(const struct due_row *row, int32_t today);
