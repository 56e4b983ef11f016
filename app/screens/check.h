/* A check on the screen: what its files share. check_open.c opens it, check_answers.c keeps and judges what is answered,
   check.c draws the page; check_facts.c tells the form what it may ask; check_rows.c lays out the rows, check_widgets.c
   and check_scanned.c draw their answers; check_sign.c signs. */
#pragma once

#include "app/domain/caldate.h"
#include "app/domain/check.h"
#include "app/domain/competence.h"
#include "app/screens/page.h"
#include "app/store/letters.h"

enum { CHECK_TEXTS_MAX = 4000, CHECK_TEXTS_FEW = 500, CHECK_PLANS_FIRST = 256, CHECK_KEY_MAX = 96 };
enum { CHECK_FOR_TRAY = 7 /* route.number: the check is one of a tray, which signs it */ };

#define CHECK_WHY                                                                                  \
    "correct:why" /* the answer to «Why?» of a correction; no row of a form has a colon in its name */

/* What was answered, by the name of the row, which a repeat's copies make anew each time it is laid out. */
struct check_text {
    char *key;
    char *text; /* FORM_ANSWER_MAX + 1 bytes */
};

/* How a row is divided, kept until what it says changes. */
struct row_plan {
    uint64_t hash; /* of what was measured; 0: nothing yet */
    uint64_t judged;
    int width;
    bool beside, open; /* the answers stand at the right of the words; what folds was unfolded */
    int words_w, words_h, answers_w, answers_h, height;
};

struct check_thing {
    char code[CHECK_KEY_MAX];
    bool found;
    struct form_thing thing;
    struct check_thing *next;
};
struct check_fact {
    const char *name, *value; /* NULL: there is none */
    struct check_fact *next;
};

enum check_wish { WISH_NONE, WISH_SIGN /* somebody who is asked who they are goes on to sign */ };

struct check_state {
    struct app *app;
    bool ready, failed; /* read; could not be */
    bool all_good;      /* this time one tap may answer what is left */
    bool for_tray;      /* one of a tray: the tray signs it */
    bool loose;         /* of no item: a letter */
    bool stopped; /* it would go out while it may not leave (status_may_leave): nobody signs that */
    bool late;    /* because a check is late, and not because it may not be used */
    const char *held; /* a notice that holds the item back: nobody signs; in learned; NULL none */
    bool dirty;       /* answers changed since they were judged */
    bool recorded;    /* it is in the log: nothing may sign it again */
    bool gate_shown;  /* whoever signs lacks a competence: the panel says so */
    enum check_wish wish; /* what waits for a person to show who they are */
    struct why why;
    struct arena arena; /* the screen's life */
    struct arena judged,
        before; /* of the last judging; of the one that the picture being shown is drawn from */
    struct arena learned; /* of what the store said; until it changes */
    uint64_t seen;        /* of the store, when the answers were read */
    struct item item;
    char draft_item[KEYS_ID_TEXT + 32]; /* the draft's key: the item, or what is being corrected */
    char version[STORE_DRAFT_VERSION];  /* of base, for its draft */
    const struct form *base;
    struct form form; /* laid out, in judged */
    struct check_text *texts;
    size_t text_count, text_max;
    const char **values; /* of form's rows; in judged */
    struct form_facts facts;
    char today[16], now[32];
    const char *language;
    struct form_state state;
    struct row_plan *plans; /* a row's by its place; NULL: nothing is drawn */
    size_t plan_max;
    uint64_t judgement;            /* counts them */
    const struct open_fail *fails; /* that a pass of this form would answer */
    size_t fail_count;
    const struct fact *item_facts;
    size_t item_fact_count;
    struct check_thing *things;
    struct check_fact *known;                   /* readings and stock that were asked for */
    const char *corrects;                       /* event id of the record being corrected; NULL */
    struct check corrected;                     /* that record */
    char typing[128], typed_key[CHECK_KEY_MAX]; /* a label that is being typed, and for which row */
    char open_key[CHECK_KEY_MAX];               /* the row whose hint and source are unfolded */
    char reveal[CHECK_KEY_MAX]; /* the row that a fail has brought up: into view with it */
    int reveal_tries;
    char go[CHECK_KEY_MAX]; /* the row to bring to the top of the view; "" none */
    char wanted
        [CHECK_KEY_MAX]; /* the row that somebody asked for as still missing: framed until it is answered */
    char when_row[CHECK_KEY_MAX],
        when_typed[24];           /* a date as it is being typed, and for which row */
    char removing[CHECK_KEY_MAX]; /* the repeat whose last copy goes at the next tap */
    bool throwing; /* the answers of a form that is no longer there go at the next tap */
    struct gate_answer gate;
    char gate_person[40]; /* whom it was judged for */
    const char *holders;  /* who at the school has what is missing */
};

/* ---- check_open.c ---- */

/* Opens item and form with the draft's answers and judges them; not shown: for a tray, which only wants the outcome.
   s->failed and s->why tell. Always ended by checking_end. */
void checking_begin(struct app *app, struct check_state *s, const struct route *route, bool shown);
void checking_end(struct check_state *s);
/* Takes in what the draft holds otherwise than the answers here, and sets s->dirty where it does. First: what else a
   draft brings, running timers and the word that it is back. */
MUST_USE enum err check_read_draft(struct app *app, struct check_state *s, bool first);

/* ---- check_answers.c ---- */

/* The answer of a row, "" when there is none. */
const char *check_text(const struct check_state *s, const char *key);
/* The answer of the row at that place, "" when there is none. */
const char *check_value(const struct check_state *s, size_t at);
/* What was typed into the row's field: the first key takes the place of a figure that nobody typed, as what the register
   filled in. Points into text. */
const char *check_typed(const struct check_state *s, size_t at, const char *text);
/* Keeps an answer in memory alone; false when there is no room for it. */
MUST_USE bool check_keep(struct check_state *s, const char *key, const char *value);
/* Gives a row an answer, saves it at once, and has the form judged again. */
void check_put(struct app *app, struct check_state *s, const char *key, const char *value);
/* Answers every pass/fail question that is left, in memory only. */
void check_pass_rest(struct app *app, struct check_state *s);
/* A pass/fail/not applicable question. */
bool check_is_pass_fail(const struct form_field *f);
/* One text more into a hash that begins as 0. */
uint64_t check_hash(uint64_t hash, const char *text);
/* Lays the form out by the answers and judges it; s->failed and s->why tell. */
void check_judge(struct app *app, struct check_state *s);

/* ---- check_held.c ---- */

/* Forgets what the store said, and asks it whether a notice holds the item back by now, and whether it may leave. */
void check_held_look(struct app *app, struct check_state *s);
/* Says so, at the head of the page. */
void check_held_band(struct app *app, const struct check_state *s, struct rect *page);

/* ---- check_gone.c ---- */

/* The whole page where it could not be opened; answers of a form that an edition took away are told. */
void check_fault(struct app *app, struct check_state *s, struct rect page);

/* ---- check.c ---- */

/* At the head of a frame: reads and judges again what moved since the last one. */
void checking_refresh(struct app *app, struct check_state *s);
/* How far the form is, as a strip between the bar and the page. */
void checking_progress(struct app *app, const struct check_state *s, struct rect page);

/* ---- check_facts.c ---- */

enum err check_open_facts(struct app *app, struct check_state *s);
void check_read_facts(struct app *app, struct check_state *s); /* before each judging */
/* What the store knew is asked for again. */
void check_forget(struct check_state *s);
/* What a scanned code or a person's id is; false: nobody knows. Lives in learned. */
bool check_thing(struct check_state *s, const char *code, struct form_thing *out);

/* ---- check_rows.c ---- */

void checking_rows(struct app *app, struct check_state *s, struct rect r);

/* ---- check_widgets.c ---- */

bool check_small(struct app *app);   /* rows are tight and their hints folded */
int check_rows_gap(struct app *app); /* between what a finger can tell apart */
/* The width that the answers want beside the words; 0: they stand below. */
int check_widget_beside(struct app *app, const struct check_state *s, size_t at, int width);
int check_widget_height(struct app *app, const struct check_state *s, size_t at, int width);
/* Whether «Add another» stands at this end_repeat: the form does not say how many there are. */
bool check_repeat_grows(const struct check_state *s, size_t end);
void check_widget(struct app *app, struct check_state *s, size_t at, struct rect r);
/* Options in lines of so many, ids "<id>0" and so on; a last line with fewer keeps the columns of the others. The index
   of the tapped one, -1 none. */
int check_options(struct app *app, struct rect r, const char *id, const struct ui_option *options,
                  size_t count, int across);

/* ---- check_scanned.c: rows that take a scan or a picture ---- */

int check_scanned_height(struct app *app, const struct check_state *s, size_t at, int width);
void check_scanned(struct app *app, struct check_state *s, size_t at, struct rect r);

/* ---- check_shown.c: rows that take a picture or a log; what they keep as files ---- */

/* The answer that names the file that a log was brought in from; no row of a form has a colon in its name. */
#define CHECK_FILE "file:"
int check_picture_height(struct app *app, const struct check_state *s, size_t at, int width);
void check_picture(struct app *app, struct check_state *s, size_t at, struct rect r);
int check_log_height(struct app *app, const struct check_state *s, size_t at, int width);
void check_log(struct app *app, struct check_state *s, size_t at, struct rect r);
/* The files that the record names, in judged. ERR_NOT_FOUND: one is not here any more; the sentence says what to do.
   ERR_LIMIT: more than a record holds. */
MUST_USE enum err check_files(struct app *app, struct check_state *s, struct check *out,
                              struct why *why);
/* "31 readings, 0 to 30 min", or that there are none. */
const char *check_log_words(struct app *app, const char *log);
bool check_scan(struct app *app, void *state, const struct thing *thing);

/* ---- check_when.c: days, times and timers ---- */

int check_when_height(struct app *app, const struct form_field *f, int width);
void check_when(struct app *app, struct check_state *s, size_t at, struct rect r);
/* What is wrong with the row as it is typed here: the form knows days by another way of writing them. NULL: nothing. */
const char *check_when_fault(struct app *app, const struct check_state *s, size_t at);
void check_timer(struct app *app, struct check_state *s, size_t at, struct rect r);
int check_timer_width(struct app *app);
/* While the row's timer runs a large clock stands in the place of its field. */
bool check_timer_runs(struct app *app, const struct check_state *s, size_t at);
int check_clock_height(struct app *app);
void check_clock(struct app *app, struct check_state *s, size_t at, struct rect r);
/* A day as people write it ("12/11/2026", "12.11.26") as the form wants it. False: it is none. */
bool check_day_of(const char *typed, char out[CALDATE_TEXT]);

/* ---- check_results.c: what a form works out ---- */

/* A begin_group with the appearance `results`, and where it ends. */
bool check_is_results(const struct form_field *f);
size_t check_results_end(const struct check_state *s, size_t begin);
/* 0 while there is neither a result nor a fault. */
int check_results_height(struct app *app, struct check_state *s, size_t begin, int width);
void check_results(struct app *app, struct check_state *s, size_t begin, struct rect at);

/* ---- check_sign.c ---- */

/* The record of what was answered, in judged, as s->gate says it may be signed. */
enum err checking_build(struct app *app, struct check_state *s, struct check *out, struct why *why);

/* Who may sign this alone, and what else can be done: the panel that both a check and a tray show. */
enum gate_choice { GATE_CHOOSE, GATE_BACK, GATE_TRAINEE, GATE_NOW };
struct gate_ask {
    const struct gate_answer *gate;
    const char *holders;
    bool release, many;
};
/* Asks the store and judges; answer and holders in the arena. */
enum err gate_read(struct app *app, const char *needs, struct arena *a, struct gate_answer *out,
                   const char **out_holders, struct why *why);
enum gate_choice gate_panel(struct app *app, struct rect page, const struct gate_ask *ask);

void check_sign(struct app *app, struct check_state *s, enum check_wish wish);
/* Goes on with what waited for a person. */
void check_sign_again(struct app *app, struct check_state *s);
void check_gate(struct app *app, struct check_state *s, struct rect page);
/* Takes the panel away when the person whom it speaks of is no longer the one who is signed in: what one may sign
   must not be signed by another. */
void check_gate_lapse(struct app *app, struct check_state *s);

/* ---- check_foot.c ---- */

int check_foot_height(struct app *app);
/* "2 questions left", "All answered"; in the frame's arena. */
const char *check_left(struct app *app, const struct check_state *s);
/* Brings the first row that wants an answer, or another one, into view. False: none does. */
bool check_go_missing(struct check_state *s);
bool check_untouched(const struct check_state *s); /* nothing was answered yet */
/* Whether the check may be made for a whole tray from here. */
bool check_may_many(const struct check_state *s);
void check_foot(struct app *app, struct check_state *s, struct rect r);
