/* The nine duties of a school technician: what waits in each now, and what was done. The numbers here are the ones that the
   duties page, each duty's own page and the head teacher's page show, so that they never differ. */
#pragma once

#include "app/screens/parts.h"

enum { DUTIES = 9, DUTY_LOG_MAX = 300 };

struct duty {
    const char *id, *title, *words; /* words: what is recorded here */
    const char *go;                 /* the button to where it is done */
    uint32_t icon;
    const char *screen; /* where it is done */
    struct route route;
};
/* Duty 1 is row 0. */
extern const struct duty duties[DUTIES];

struct duty_facts {
    size_t due[DUTIES];  /* waiting, late ones among them */
    size_t late[DUTIES]; /* past their date, or not to be used */
    bool person; /* somebody is signed in: without, duties 3 and 9 are nobody's and stay 0 */
};
/* What cannot be read counts as nothing here: the screens behind say the fault. */
void duty_read(struct app *app, struct arena *a, struct duty_facts *out);
/* "2 late, 7 due", "3 to read", NULL when nothing waits; in the frame's arena. */
const char *duty_badge(struct app *app, const struct duty_facts *facts, size_t duty);

struct duty_entry {
    int32_t day;
    int64_t at_ms;
    const char *what, *words; /* "Class I appliance check · Kettle 3", "Pass" */
    const char *person;       /* id; "" nobody's */
};
/* What was done since that day, newest first, at most DUTY_LOG_MAX. Duty 9 is the signed-in person's own. */
MUST_USE enum err duty_log(struct app *app, size_t duty, int32_t since_day, struct arena *a,
                           struct duty_entry **out, size_t *out_count, struct why *why);
