/* One record of one's own training: which course, when, on what evidence, until when. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/service.h"
#include "app/screens/board.h"
#include "app/screens/check.h"
#include "app/screens/training.h"
#include "platform/base/str.h"

struct add_state {
    bool open, failed, chosen, drop;
    struct why why;
    struct arena arena;
    struct doc_head *courses;
    size_t count;
    int refresh_months;
    char key[KEYS_RANDOM_ID], course[96], name[160], date[16], certificate[80], by[120],
        expires[16], level[8], points[8];
    bool seen_evidence;
    char person[40]; /* whose record it is; "" until somebody has signed in */
};

static void add_course(struct app *app, struct add_state *s, const char *id)
{
    struct doc d;
    s->chosen = true;
    (void)str_copy(s->course, sizeof s->course, id);
    if (id[0] == '\0' || content_doc(app->content, id, &s->arena, &d, NULL) != ERR_OK)
        return;
    s->refresh_months = service_int(&d, "refresh_months");
    if (service_rating(&d) == RATING_SCQF) {
        (void)str_format(s->level, sizeof s->level, "%d", service_int(&d, "scqf_level"));
        (void)str_format(s->points, sizeof s->points, "%d", service_int(&d, "scqf_points"));
    }
}

static void add_fill(struct app *app, struct add_state *s, const char *key)
{
    struct mine_row row;
    bool found = false;
    if (mine_get(&app->store, app->session.person, MINE_TRAINING, key, &s->arena, &row, &found,
                 &s->why) != ERR_OK ||
        !found)
        return;
    (void)str_copy(s->key, sizeof s->key, key);
    add_course(app, s, mine_value(&row, "course"));
    (void)str_copy(s->name, sizeof s->name, mine_value(&row, "name"));
    (void)str_copy(s->date, sizeof s->date, mine_value(&row, "date"));
    (void)str_copy(s->certificate, sizeof s->certificate, mine_value(&row, "certificate"));
    (void)str_copy(s->by, sizeof s->by, mine_value(&row, "verified_by"));
    (void)str_copy(s->expires, sizeof s->expires, mine_value(&row, "expires_on"));
    (void)str_copy(s->level, sizeof s->level, mine_value(&row, "scqf_level"));
    (void)str_copy(s->points, sizeof s->points, mine_value(&row, "scqf_points"));
    s->seen_evidence = str_eq(mine_value(&row, "evidence"), "seen");
}

/* A refresher made for one authority is offered on its own kiosks alone. */
static void add_ours(struct app *app, struct add_state *s)
{
    struct board_place place;
    size_t kept = 0;
    board_place(app, &s->arena, &place);
    for (size_t i = 0; i < s->count; i++) {
        struct doc d;
        if (content_doc(app->content, s->courses[i].id, &s->arena, &d, NULL) == ERR_OK &&
            service_for(&d, place.code))
            s->courses[kept++] = s->courses[i];
    }
    s->count = kept;
}

static void add_enter(struct app *app, void *state)
{
    struct add_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, 8 * 1024 * 1024);
    s->failed = content_docs(app->content, "course", "", "", &s->arena, &s->courses, &s->count,
                             &s->why) != ERR_OK;
    if (!s->failed)
        add_ours(app, s);
    if (route->text != NULL && board_private(app))
        add_fill(app, s, route->text);
    else if (route->doc != NULL)
        add_course(app, s, route->doc);
}

static void add_leave(struct app *app, void *state)
{
    (void)app;
    struct add_state *s = state;
    arena_done(&s->arena);
}

static void add_save(struct app *app, struct add_state *s)
{
    const struct fact fields[] = {
        { "course", s->course },
        { "name", s->name },
        { "date", s->date },
        { "certificate", s->certificate },
        { "evidence", s->seen_evidence ? "seen" : "self-declared" },
        { "verified_by", s->by },
        { "expires_on", s->expires },
        { "scqf_level", s->level },
        { "scqf_points", s->points },
    };
    struct mine_row row = {
        .kind = MINE_TRAINING, .key = s->key, .fields = fields, .field_count = COUNT_OF(fields)
    };
    struct why why = { 0 };
    if (s->key[0] == '\0')
        keys_random_id(s->key);
    if (mine_put(&app->store, app->now, app->session.person, &row, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not kept: %s. What you wrote is still here.", why.text);
        return;
    }
    app_toast(app, TONE_GOOD, "Kept on this kiosk, for you alone");
    app_changed(app);
    router_pop(app);
}

static void add_drop(struct app *app, struct add_state *s)
{
    struct why why = { 0 };
    if (mine_drop(&app->store, app->session.person, MINE_TRAINING, s->key, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not taken away: %s", why.text);
        return;
    }
    app_changed(app);
    router_pop(app);
}

static const char *add_why_not(const struct app *app, const struct add_state *s)
{
    int32_t day = CALDATE_NONE;
    int32_t end = CALDATE_NONE;
    if (!s->chosen || (s->course[0] == '\0' && s->name[0] == '\0'))
        return "Say which course it was.";
    if (!caldate_parse(s->date, &day))
        return "Write the day it was finished, as 31/8/2026.";
    if (day > app->today)
        return "That day has not come yet.";
    if (s->expires[0] != '\0' && !caldate_parse(s->expires, &end))
        return "Write the last day it holds, as 31/8/2031. Leave it empty for no end.";
    if (s->expires[0] != '\0' && end < day)
        return "It runs out before it was finished: look at both days.";
    if (s->seen_evidence && s->by[0] == '\0')
        return "Write who saw the certificate.";
    return NULL;
}

static void add_choose(struct app *app, struct add_state *s, struct ui_scroll *list)
{
    parts_head(app, list, "which", "Which course?");
    for (size_t i = 0; i < s->count; i++) {
        struct ui_tile tile = { .id = ui_text_f(app->ui, "course-%s", s->courses[i].id),
                                .title = s->courses[i].title,
                                .icon = ICON_SCHOOL };
        if (parts_row(app, list, &tile))
            add_course(app, s, s->courses[i].id);
    }
    struct ui_tile other = { .id = "other", .title = "Another course", .icon = ICON_ADD };
    if (parts_row(app, list, &other))
        add_course(app, s, "");
}

static void add_day(struct app *app, struct ui_scroll *list, const char *id, const char *label,
                    char *text, size_t size)
{
    char iso[CALDATE_TEXT];
    if (parts_field(app, list, id, label, KEYBOARD_DATE, text, size) &&
        strlen(text) >= strlen("1/1/2026") && check_day_of(text, iso))
        (void)str_copy(text, size, iso);
}

static void add_fields(struct app *app, struct add_state *s, struct ui_scroll *list)
{
    struct ui *ui = app->ui;
    int32_t day = CALDATE_NONE;
    if (s->course[0] != '\0')
        parts_head(app, list, "course", board_title(app, ui_arena(ui), s->course));
    else
        (void)parts_field(app, list, "name", "What was it called?", KEYBOARD_TEXT, s->name,
                          sizeof s->name);
    add_day(app, list, "date", "Finished on which day?", s->date, sizeof s->date);
    (void)parts_field(app, list, "certificate", "Number on the certificate, if any", KEYBOARD_TEXT,
                      s->certificate, sizeof s->certificate);
    struct ui_tile seen = { .id = "seen",
                            .title = "Somebody has seen the certificate",
                            .words = s->seen_evidence ? "Yes" : "No: this is your own word",
                            .icon = ICON_EYE,
                            .card = s->seen_evidence ? CARD_SELECTED : CARD_PLAIN };
    if (parts_row(app, list, &seen))
        s->seen_evidence = !s->seen_evidence;
    if (s->seen_evidence)
        (void)parts_field(app, list, "by", "Who? Their post is enough: «head of department»",
                          KEYBOARD_TEXT, s->by, sizeof s->by);
    add_day(app, list, "expires", "Last day it holds. Empty for no end", s->expires,
            sizeof s->expires);
    if (s->refresh_months > 0 && s->expires[0] == '\0' && caldate_parse(s->date, &day)) {
        int32_t end = caldate_add_months(day, s->refresh_months);
        struct ui_tile take = { .id = "take",
                                .title = ui_text_f(ui, "Until %s", page_day(app, end)),
                                .words = ui_text_f(
                                    ui, "This course is refreshed after %s",
                                    service_months_words(ui_arena(ui), s->refresh_months)),
                                .icon = ICON_CALENDAR };
        if (parts_row(app, list, &take))
            caldate_iso(s->expires, end);
    }
}

static void add_frame(struct app *app, void *state)
{
    struct add_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "A course I did");
    if (s->person[0] == '\0')
        (void)str_copy(s->person, sizeof s->person, app->session.person);
    if (session_in(&app->session) && !str_eq(s->person, app->session.person)) {
        /* Another badge was held up: what stands here is not theirs to see, and not theirs to keep. */
        router_pop(app);
        return;
    }
    if (!board_private(app)) {
        if (parts_foot(app, &page, "pin", "Sign in with my PIN", ICON_LOCK, NULL))
            board_ask_pin(app, "My training");
        page_empty(app, page, ICON_LOCK, "Your own, and nobody else's",
                   "Sign in with your PIN and go on.");
        return;
    }
    if (s->failed) {
        page_fault(app, page, "The courses could not be read", &s->why);
        return;
    }
    if (s->chosen && parts_foot(app, &page, "keep", "Keep it", ICON_SAVE, add_why_not(app, s)))
        add_save(app, s);
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    if (s->chosen)
        add_fields(app, s, &list);
    else
        add_choose(app, s, &list);
    if (s->key[0] != '\0') {
        struct ui_tile drop = { .id = "drop",
                                .title = s->drop ? "Take it away now" : "Take this record away",
                                .icon = ICON_CROSS,
                                .card = s->drop ? CARD_BAD : CARD_PLAIN };
        if (parts_row(app, &list, &drop)) {
            if (s->drop)
                add_drop(app, s);
            s->drop = true;
        }
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_training_add = {
    .id = "training_add",
    .state_size = sizeof(struct add_state),
    .enter = add_enter,
    .frame = add_frame,
    .leave = add_leave,
    .stays = true,
};
