/* The kiosk: the one place that knows every part. One frame: take input, let the top screen draw and act, show it. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "app/carry.h"
#include "app/options.h"
#include "app/panel.h"
#include "app/router.h"
#include "app/scan/resolve.h"
#include "app/scan/wedge.h"
#include "app/scanner.h"
#include "app/session.h"
#include "app/store/content.h"
#include "app/store/edition_state.h"
#include "app/store/query.h"
#include "app/store/store.h"
#include "app/timers.h"
#include "app/typed.h"
#include "app/ui/ui.h"
#include "platform/base/clock.h"
#include "platform/base/fs.h"
#include "platform/camera.h"
#include "platform/paper.h"
#include "platform/window.h"
#include "sync/client/content.h"
#include "sync/client/worker.h"
#include "sync/log/files.h"

enum {
    APP_TOAST_MS = 6000,
    APP_UNSAVED_MS = 5000,      /* between two tries to save answers that a full disk refused */
    APP_TIMER_TOAST_MS = 60000, /* whoever waits for it may be at the other end of the room */
    APP_PREVIEW_W = 640,
    APP_PREVIEW_MAX = 640 * 640,
    APP_PHOTOS_MAX = 24,
    APP_CONTENT_OLD_DAYS = 14, /* since content was last looked for: amber */
    APP_FILES_MAX = 100,
};

/* One message; it stands in the bar for some seconds (app_notice). */
struct toast {
    char text[256];
    char action[32];                    /* "" none; "Undo"; "Open" */
    char event[EVENT_ID_TEXT];          /* what Undo withdraws */
    size_t many;                        /* it withdraws so many of app.undo instead: a whole tray */
    bool stop;                          /* those are answers about a notice and no checks */
    char item[64], form[96], field[96]; /* the check that Open leads to, and its row */
    enum ui_tone tone;
    int64_t until_ms; /* 0: nothing shows */
};

/* A photograph or a form's picture, read once and kept for some frames. */
enum photo_from {
    PHOTO_KEPT /* by its hash, beside the log */,
    PHOTO_CONTENT /* by its file name */
};
struct photo {
    char name[256];
    struct arena arena;
    struct draw_luma luma; /* pixels NULL: it could not be read, as of that version */
    int64_t used;
    uint64_t version;
};
struct app_file {
    const char *path, *name, *where;
};
struct app_files {
    struct app_file rows[APP_FILES_MAX];
    size_t count;
};

/* Other ways to have a sheet. */
struct print_more {
    const struct paper *card; /* NULL: none. Its groups: of the copy, 0 where nobody has said yet */
    const struct paper *strip; /* NULL: none */
    bool by_group;             /* it says what each group gets: a card for each */
    const char *phone;         /* what a phone takes along, a link or words; NULL: nothing */
};
/* The sheet made last, for the screen that sends it on (print.c). An assessment can be made in other forms too: cards for the
   trolley, a strip for a receipt printer. */
struct print {
    char title[160], file[FS_PATH_MAX];
    enum paper_form form;
    struct paper_made made;  /* the file */
    struct paper_made sheet; /* the A4 sheet, which was made first */
    bool own; /* of one person alone: the file goes when the screen that sends it on is left */
    struct arena arena; /* what `more` holds, until the next sheet is printed */
    struct print_more more;
};
enum { APP_STICKS_MAX = 8 };
struct app_sticks {
    const char *names[APP_STICKS_MAX], *paths[APP_STICKS_MAX];
    size_t count;
};

struct app {
    struct options opt;
    struct clock *clock;
    struct fs_lock claim; /* on the data folder */
    struct store store;
    struct content *content;
    uint64_t content_seen;       /* the version at which its constituency was last looked at */
    struct edition_name edition; /* the one in use; "" none: a folder's index */
    bool edition_drawn;          /* a picture was drawn of it */
    bool
        edition_held; /* since the start no reason was found to read it through before it is opened */
    _Atomic bool
        edition_doubt; /* set by other threads: the one in use is not what it was when it was made */
    _Atomic bool edition_lost; /* and could not be set aside: none is shown */
    struct content_news news;  /* that nobody has looked at, as of news_version */
    int64_t news_since;
    uint64_t news_version;
    struct content_client *publish; /* signed content (publish.h) */
    /* What is told of it, as of published_seen; by app_content_view. */
    struct content_view published;
    uint64_t published_seen;
    uint64_t publish_seen; /* the version at which the kiosk's place was last looked at */
    struct worker *worker;
    struct carry carry;
    struct scanner *scanner;
    struct camera *camera;
    struct window *window;
    struct ui *ui;
    struct panel panel;
    struct wedge wedge;
    bool answering; /* a touch that answers «Still there?» is under way: it does nothing else */
    bool burst; /* a script is in the middle of a scanner's burst: drawing slowly must not end it */
    struct router router;
    struct session session;
    struct toast toast;
    char undo[STORE_TRAY_MAX][EVENT_ID_TEXT];
    struct timers timers;
    struct typed typed;
    char check_row[96]; /* the row that the check on the screen is to show first; "" none */
    struct photo photos[APP_PHOTOS_MAX];
    uint64_t photo_serial;
    struct print print;
    struct arena scratch; /* for one action; reset each frame */
    char school[160], room[160];

    struct clock_now now; /* as this frame sees it */
    int32_t today;        /* civil day in London */
    int minutes;          /* since midnight there */
    /* A notice could not be recorded as seen: none covers the screen until the next start. */
    bool stop_skipped;
    uint64_t stop_version; /* at which it was last looked for one to show */
    int64_t stop_ms;
    int64_t unsaved_ms; /* when answers that are not saved yet are tried again; 0: all are */
    bool told;          /* what a trusted time says of earlier lines is recorded */
    uint64_t version;   /* moves when the store or the session changed */
    unsigned unread;    /* failed reads of store and content that a screen has been marked for */
    uint64_t unread_version; /* at which home was marked */

    struct arena facts_arena;
    struct sync_facts facts; /* as of facts_seen; by app_facts */
    uint64_t facts_seen;

    uint8_t *preview; /* APP_PREVIEW_MAX bytes */
    struct draw_luma luma;

    const struct ui_tree *tree; /* of the last frame */
    char asked[160];            /* the question whose field is being typed into; "" none */
    _Atomic bool store_changed; /* set by the worker's thread */
    _Atomic bool picture_changed;
    /* A screen works piece by piece: the next frame comes at once. Each frame asks anew. */
    bool busy;
    bool quit;
};

MUST_USE enum err app_open(struct app *app, const struct options *o, struct why *why);
void app_close(struct app *app); /* accepts a zeroed or half-open one */

/* Waits at most timeout_ms (-1: until something is due) for something to happen, then draws what changed. */
void app_step(struct app *app, int timeout_ms);
/* Draws a frame with these events, whatever happened. */
void app_frame(struct app *app, const struct input_event *events, size_t count);
/* The first picture, then what may wait until it stands. */
void app_start(struct app *app);
/* Starts, and runs until the window closes. */
void app_run(struct app *app);

struct ui_scale app_scale(const struct app *app); /* as the last frame was drawn */

/* For screens. */
void app_changed(struct app *app); /* the store or the session was changed by this screen */
void app_toast(struct app *app, enum ui_tone tone, const char *fmt, ...) PRINTF_LIKE(3, 4);
void app_toast_undo(struct app *app, const char *text, const char *event);
/* One Undo for many records: all of them or none. */
void app_toast_undo_many(struct app *app, const char *text, const char (*events)[EVENT_ID_TEXT],
                         size_t count);
/* One Undo for answers about a recall or stop notice, or for a release. */
void app_toast_undo_stop(struct app *app, const char *text, const char (*events)[EVENT_ID_TEXT],
                         size_t count);
/* At home, between frames: covers the screen with a notice that this kiosk has not shown yet (stopped.c). */
void app_stop_step(struct app *app);
/* What is sent and what waits, read again only when the store changed: every frame's bar shows it. Borrowed until the
   next frame. */
const struct sync_facts *app_facts(struct app *app);

/* Signed content: which edition is read, when it was last looked for, and what is wrong. Borrowed until the next frame. */
const struct content_view *app_content_view(struct app *app);
/* Whether it was last looked for so long ago that somebody should see to it. */
bool app_content_old(const struct app *app, const struct content_view *v);

/* Somebody has read that the kiosk wiped itself (wipe.c): it is not told again. */
void app_wipe_seen(struct app *app);

/* Opens the clock on what the store knows of the time; after the store. */
MUST_USE enum err app_clock_open(struct app *app, struct why *why);
/* Reads the time for a frame, and records what the clock learnt since the last. */
void app_clock_read(struct app *app);
/* What the bar says instead of the title for a moment: a message, or the countdown before signing out. NULL: nothing.
   out_action is "" or what can be tapped with it ("Undo"), which app_notice_act does. */
const char *app_notice(struct app *app, enum ui_tone *out_tone, const char **out_action);
void app_notice_act(struct app *app);
/* Someone typed or scanned text that stands for a label. */
void app_enter_code(struct app *app, const char *text, size_t len, enum symbology symbology);
/* Signs a person in by the proof given; `sign_in` on the stack sees it. */
void app_sign_in(struct app *app, const struct person *p, enum session_proof proof);
void app_sign_out(struct app *app);

/* Timers of a form's rows (timing.c). They run while other screens are used and nobody is signed in; when one ends, its time
   is in the row and the bar says so. False, with a message: no more of them may run. */
bool app_timer_start(struct app *app, const struct item *item, const struct form *form,
                     const struct form_field *f);
/* Takes up one that was begun before the kiosk was started. */
void app_timer_resume(struct app *app, const struct timer *from, const struct item *item,
                      const struct form *form, const char *field);
void app_timer_stop(struct app *app, const char *item, const char *form, const char *field);
void app_timer_go(struct app *app);    /* to the form of the one that ends first */
void app_timers_step(struct app *app); /* tells what has run out */
void app_toast_open(struct app *app);  /* to the form that the message is about */

/* What belongs to records as files beside the log (photo.c). */
struct files app_attached(struct app *app);
/* The next picture of the camera, whole, in the arena; waits for it for a moment. ERR_NOT_FOUND: it shows nothing. */
MUST_USE enum err app_snap(struct app *app, struct arena *a, struct draw_luma *out,
                           struct why *why);
/* Keeps a picture as a JPEG beside the log, as fine as fits. The errors of files_put. */
MUST_USE enum err app_keep_picture(struct app *app, const struct draw_luma *picture,
                                   char out_sha[KEYS_ID_TEXT], struct why *why);
/* Takes a file away that no record names; others stay. */
void app_drop_file(struct app *app, const char *sha);
/* Asks for a file that another kiosk has, and has the network looked at now. The errors of files_want. */
MUST_USE enum err app_want_file(struct app *app, const char *sha, struct why *why);
/* A picture that was kept, at most so large a side (halved while it is larger), in the arena. The errors of files_read. */
MUST_USE enum err app_read_picture(struct app *app, const char *sha, int side_max, struct arena *a,
                                   struct draw_luma *out, struct why *why);
/* The same picture smaller, in the arena; false: it is no larger than that, or there is no memory. */
bool app_shrink(struct app *app, const struct draw_luma *from, int w, int h, struct arena *a,
                struct draw_luma *out);
uint64_t app_picture_serial(struct app *app); /* for a picture that a screen makes */
/* Copies a file to a stick under its own name, made plain. */
MUST_USE enum err app_copy_file(struct app *app, const char *sha, const char *name,
                                const char *folder, struct why *why);
/* NULL when it is not here. Borrowed for the frame. */
const struct draw_luma *app_photo(struct app *app, const char *name, enum photo_from from);
/* The name of a form's SVG for ui_svg; in the frame's arena. */
const char *app_drawing(struct app *app, const char *name);
void app_photos_done(struct app *app);

/* Files that a temperature log can be read from (log_files.c): of the folder import in DATA, and of sticks. */
void app_log_files(struct app *app, struct arena *a, struct app_files *out);
/* Files there whose names end in one of these, the last NULL. */
void app_found_files(struct app *app, struct arena *a, const char *const *ends,
                     struct app_files *out);
/* The readings of such a file's text, however many, in the arena. */
MUST_USE enum err app_log_pairs(struct arena *a, const char *text, size_t len, char **out,
                                struct why *why);
/* The pairs of one as a row's answer, in the arena; the errors of log_file_parse. */
MUST_USE enum err app_log_read(struct arena *a, const char *path, char **out, size_t *out_count,
                               struct why *why);

/* The folder that signs and drawings lie below: beside the content where it has signs of its own, else the program's. */
MUST_USE enum err app_assets(const struct options *o, char out[FS_PATH_MAX], struct why *why);
/* Opens the content for the constituency that the kiosk belongs to (shelf.c): an employer's documents are its own
   school's and no other's. The errors of content_open_for. */
MUST_USE enum err app_open_content(struct app *app, struct why *why);
/* Makes the edition anew for another place, from the files that are here; it waits to be switched to. Any thread, one at a
   time. */
MUST_USE enum err app_content_renew(const struct app *app, const char *constituency,
                                    const char *school, struct why *why);
/* Opens it again when that constituency has changed or another edition waits, and nothing on the screen borrows from it: at
   home, between frames. Nobody who reads or checks something has it changed under his hands. */
void app_content_step(struct app *app);
/* Whether that is to be looked at again, though nothing else asks for a frame. */
bool app_content_waits(const struct app *app);
/* What came with editions that nobody here has looked at yet, and that somebody has now. Borrowed until the next frame. */
const struct content_news *app_news(struct app *app);
void app_news_seen(struct app *app);
/* A frame was drawn: an edition that was new has shown that the kiosk lives with it. */
void app_content_drawn(struct app *app);

/* Makes the PDF of a sheet into DATA/prints and opens the screen that prints it or copies it to a stick (print.c). With a
   message instead when it cannot be made. pages_fit as in paper_pdf. */
void app_print(struct app *app, const struct paper *paper, int pages_fit, const char *title);
/* The same of what is one person's own (their training): it lies there no longer than the screen that sends it on stands. */
void app_print_own(struct app *app, const struct paper *paper, const char *title);
/* The same with more ways to have it. Papers and text live in the arena that app_print_arena has emptied for them. */
struct arena *app_print_arena(struct app *app);
void app_print_more(struct app *app, const struct paper *paper, int pages_fit, const char *title,
                    const struct print_more *more);
/* Makes the sheet last printed into another form; groups are those of cards. On failure the one before stays. */
MUST_USE enum err app_print_form(struct app *app, enum paper_form form, int groups,
                                 struct why *why);
/* Takes the file of such a sheet away: when that screen is left, and at start what a power cut has left behind. */
void app_print_drop(struct app *app);
/* Sticks as desktops and the kiosk's own udev rule mount them. */
void app_sticks(struct arena *a, struct app_sticks *out);
MUST_USE enum err app_print_copy(struct app *app, const char *folder, struct why *why);
