/* A kiosk comes to a school without a hub: the new one shows its code (hello), a kiosk that belongs reads it, a person signs,
   and the answer is shown for the new one to read (admit). */
#include <string.h>

#include "app/screens/code.h"
#include "app/screens/parts.h"
#include "app/store/site.h"
#include "platform/base/str.h"

enum { ADMIT_PROOF = PROOF_BADGE | PROOF_PIN, ADMIT_CODE_MAX = 1024 };

/* A value in a code: all but plain letters and digits as %XX. */
static void admit_value(struct buf *out, const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= 'a' && *c <= 'z') || strchr("-._~+/=", *c) != NULL;
        if (plain)
            buf_char(out, *c);
        else
            buf_printf(out, "%%%02X", (unsigned)(unsigned char)*c);
    }
}

/* ---- the new kiosk ---- */

struct hello_state {
    bool ready;
    char name[SITE_KIOSK_NAME_MAX + 1];
    struct code_view code;
};

static void hello_enter(struct app *app, void *state)
{
    struct hello_state *s = state;
    code_init(&s->code);
    (void)str_copy(s->name, sizeof s->name, app->room[0] == '\0' ? "Kiosk" : app->room);
}

static void hello_leave(struct app *app, void *state)
{
    struct hello_state *s = state;
    (void)app;
    code_done(&s->code);
}

static const char *hello_text(struct app *app, const struct hello_state *s)
{
    struct buf b;
    buf_init(&b, ADMIT_CODE_MAX);
    buf_printf(&b, "CANNY-HELLO:1?key=%s&name=", app->store.self.id);
    admit_value(&b, s->name[0] == '\0' ? "Kiosk" : s->name);
    const char *text = ui_text_f(app->ui, "%s", b.data == NULL ? "" : b.data);
    buf_free(&b);
    return text;
}

static void hello_frame(struct app *app, void *state)
{
    struct hello_state *s = state;
    struct ui *ui = app->ui;
    struct rect page = page_begin(app, "Join a school");
    bool typing = ui_keyboard_open(ui);
    if (!typing && !code_draw(app, &s->code, &page, hello_text(app, s), "this kiosk")) {
        page_fault(app, page, "The code cannot be shown", &s->code.why);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "steps");
    if (!typing) {
        /* Who it is first: it is compared with what the other kiosk shows. */
        parts_head(app, &list, "who", s->name[0] == '\0' ? "Kiosk" : s->name);
        parts_words(app, &list, "digits",
                    ui_text_f(ui, "Digits %s", code_digits(app, app->store.self.id)), TONE_PLAIN);
        parts_head(app, &list, "first", "1. Show this code to a kiosk of the school");
        parts_words(app, &list, "first_words", "Before its camera, or as a photograph on a phone.",
                    TONE_PLAIN);
        parts_head(app, &list, "second", "2. Scan its answer here");
        ui_scroll_space(&list, ui_mm_y(ui, 1.5));
    }
    (void)parts_field(app, &list, "name", "This kiosk is called", KEYBOARD_TEXT, s->name,
                      sizeof s->name);
    ui_scroll_end(ui, &list);
}

const struct screen screen_hello = {
    .id = "hello",
    .state_size = sizeof(struct hello_state),
    .enter = hello_enter,
    .frame = hello_frame,
    .leave = hello_leave,
    .stays = true,
};

/* ---- the kiosk that belongs ---- */

struct admit_state {
    bool pending;
    bool first; /* no site yet: it is founded with the first kiosk that is admitted */
    bool done;
    char key[KEYS_ID_TEXT], name[SITE_KIOSK_NAME_MAX + 1];
    char school[ADMISSION_NAME_MAX + 1], own[SITE_KIOSK_NAME_MAX + 1];
    struct site_code answer;
    struct code_view code;
};

static void admit_enter(struct app *app, void *state)
{
    struct admit_state *s = state;
    const struct route *route = &router_top(app)->route;
    struct arena_mark mark = arena_mark(&app->scratch);
    struct site site = { .id = "" };
    code_init(&s->code);
    if (site_read(&app->store, &app->scratch, &site, NULL) == ERR_OK)
        s->first = site.id[0] == '\0';
    arena_rewind(&app->scratch, mark);
    (void)str_copy(s->key, sizeof s->key, route->text == NULL ? "" : route->text);
    (void)str_copy(s->name, sizeof s->name, route->text2 == NULL ? "" : route->text2);
    (void)str_copy(s->school, sizeof s->school, app->school);
    (void)str_copy(s->own, sizeof s->own, app->room[0] == '\0' ? "Kiosk" : app->room);
}

static void admit_leave(struct app *app, void *state)
{
    struct admit_state *s = state;
    (void)app;
    code_done(&s->code);
}

static bool admit_scan(struct app *app, void *state, const struct thing *thing)
{
    struct admit_state *s = state;
    (void)app;
    if (thing->kind != THING_HELLO)
        return false;
    s->done = false;
    (void)str_copy(s->key, sizeof s->key, thing->key);
    (void)str_copy(s->name, sizeof s->name, thing->name);
    return true;
}

static void admit_record(struct app *app, struct admit_state *s)
{
    struct why why;
    if (!parts_may_people(app)) {
        app_toast(
            app, TONE_BAD,
            "Not admitted: a head of department or the authority's officer signs this, not %s",
            app->session.name);
        return;
    }
    if (site_admit(&app->store, app->now, app->session.person, s->key, s->name, s->school, s->own,
                   &s->answer, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not admitted: %s", why.text);
        return;
    }
    s->done = true;
    s->first = false;
    /* Short: the code of the answer has the room that a longer message would take. */
    app_toast(app, TONE_GOOD, "Recorded");
    app_changed(app);
    porter_again(app->carry.porter);
}

static const char *admit_text(struct app *app, const struct site_code *c)
{
    struct buf b;
    buf_init(&b, ADMIT_CODE_MAX);
    buf_printf(&b, "CANNY-ADMIT:1?site=%s&name=", c->site);
    admit_value(&b, c->name);
    buf_printf(&b, "&by=%s&to=%s&at=%lld&sig=", c->by, c->to, (long long)c->at_ms);
    admit_value(&b, c->sig);
    const char *text = ui_text_f(app->ui, "%s", b.data == NULL ? "" : b.data);
    buf_free(&b);
    return text;
}

static void admit_answer(struct app *app, struct admit_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    if (!code_draw(app, &s->code, &page, admit_text(app, &s->answer), "the answer")) {
        page_fault(app, page, "The code cannot be shown", &s->code.why);
        return;
    }
    /* Beside the code: below it, it would make it smaller. */
    if (parts_foot(app, &page, "done", "Done", ICON_CHECK, NULL)) {
        router_replace(app, "kiosks", NULL);
        return;
    }
    struct ui_scroll list = ui_scroll_begin(ui, page, "steps");
    parts_head(app, &list, "next", "Show this to the new kiosk");
    parts_words(app, &list, "next_words", "Before its camera, or as a photograph on a phone.",
                TONE_PLAIN);
    parts_head(app, &list, "then", "Then the records");
    parts_words(app, &list, "then_words",
                "Plug a stick in here, tap «Take and give», and carry it to the new kiosk.",
                TONE_PLAIN);
    ui_scroll_end(ui, &list);
}

static const char *admit_why_not(const struct admit_state *s)
{
    if (s->key[0] == '\0')
        return "Hold the new kiosk's code before the camera first.";
    if (s->name[0] == '\0')
        return "Write what the new kiosk is called.";
    if (s->first && (s->school[0] == '\0' || s->own[0] == '\0'))
        return "Write the school's name and what this kiosk is called.";
    return NULL;
}

static void admit_ask(struct app *app, struct admit_state *s, struct ui_scroll *list)
{
    if (s->key[0] == '\0') {
        parts_head(app, list, "first", "Scan the new kiosk's code");
        parts_words(app, list, "first_words",
                    "On the new kiosk: Records, then «Kiosks of this school», then «Join a school "
                    "that has a kiosk already». Hold the code it shows, or a photograph of it, "
                    "before this camera.",
                    TONE_PLAIN);
        return;
    }
    parts_line(app, list, "digits", "The new kiosk shows", code_digits(app, s->key), TONE_PLAIN);
    ui_scroll_space(list, ui_mm_y(app->ui, 1.5));
    parts_words(app, list, "means",
                "It will hold all records of this school, names too. Admit only a kiosk that you "
                "know.",
                TONE_PLAIN);
    (void)parts_field(app, list, "name", "The new kiosk is called", KEYBOARD_TEXT, s->name,
                      sizeof s->name);
    if (s->first) {
        (void)parts_field(app, list, "school", "The school's name", KEYBOARD_TEXT, s->school,
                          sizeof s->school);
        (void)parts_field(app, list, "own", "This kiosk is called", KEYBOARD_TEXT, s->own,
                          sizeof s->own);
    }
}

static void admit_frame(struct app *app, void *state)
{
    struct admit_state *s = state;
    if (parts_signed(app, &s->pending, ADMIT_PROOF))
        admit_record(app, s);
    struct rect page = page_begin(app, s->done ? "The answer" : "Admit a kiosk");
    if (s->done) {
        admit_answer(app, s, page);
        return;
    }
    if (parts_foot(app, &page, "sign", "Sign and admit", ICON_PENCIL, admit_why_not(s)) &&
        parts_sign(app, &s->pending, ADMIT_PROOF, "Admit a kiosk"))
        admit_record(app, s);
    struct ui_scroll list = ui_scroll_begin(app->ui, page, "ask");
    admit_ask(app, s, &list);
    ui_scroll_end(app->ui, &list);
}

const struct screen screen_admit = {
    .id = "admit",
    .state_size = sizeof(struct admit_state),
    .enter = admit_enter,
    .frame = admit_frame,
    .leave = admit_leave,
    .scan = admit_scan,
    .stays = true,
};
