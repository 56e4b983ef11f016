#include "app/screens/handoff.h"

#include <string.h>

#include "app/screens/page.h"
#include "app/screens/parts.h"
#include "app/store/mine.h"
#include "platform/base/qr.h"
#include "platform/base/str.h"

enum { HANDOFF_PARTS_MAX = 99, HANDOFF_SCALE_MAX = 14, HANDOFF_ARENA = 8 * 1024 * 1024 };

struct handoff_state {
    size_t part, parts;
    char person[40];           /* who asked for it; "" nobody by name */
    bool shared, shared_other; /* counted once each, however often the picture is drawn */
    /* The picture as it was last made. */
    struct arena arena;
    struct draw_luma luma;
    size_t made_part;
    int made_room;
    char text[QR_TEXT_MAX + 1];
    bool failed;
    struct why why;
};

void handoff_open(struct app *app, enum handoff_what what, const char *title, const char *text)
{
    router_push(app, "handoff",
                &(struct route){ .text = text, .text2 = title, .number = (unsigned)what });
}

/* ---- parts ---- */

/* Bytes of the part that begins here. */
static size_t handoff_take(const char *text)
{
    size_t len = strlen(text);
    size_t at = QR_TEXT_MAX;
    if (len <= QR_TEXT_MAX)
        return len;
    while (at > QR_TEXT_MAX / 2 && text[at - 1] != ' ' && text[at - 1] != '\n')
        at--;
    if (at > QR_TEXT_MAX / 2)
        return at;
    at = QR_TEXT_MAX;
    while (at > 1 && ((unsigned char)text[at] & 0xc0u) == 0x80u)
        at--;
    return at;
}

/* How many parts a text is handed over in, and the part `at`: where it begins and how many bytes it has. A part ends after
   a blank where there is one, never within a character; joined they are the text. */
static size_t handoff_parts(const char *text)
{
    size_t count = 0;
    do {
        text += handoff_take(text);
        count++;
    } while (*text != '\0' && count < HANDOFF_PARTS_MAX);
    return count;
}

static const char *handoff_part(const char *text, size_t at, size_t *out_len)
{
    for (size_t i = 0; i < at; i++)
        text += handoff_take(text);
    *out_len = handoff_take(text);
    return text;
}

/* ---- mailto ---- */

static bool mailto_plain(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           strchr("-._~", c) != NULL;
}

/* Whole characters only: a cut one would be no text on the phone. */
static bool mailto_add(char *out, size_t size, size_t *used, const char *text)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t len = strlen(text);
    size_t pos = 0;
    while (pos < len) {
        char one[16];
        size_t n = 0;
        size_t from = pos;
        (void)utf8_next(text, len, &pos);
        for (; from < pos; from++) {
            unsigned char c = (unsigned char)text[from];
            if (mailto_plain(c)) {
                one[n++] = (char)c;
                continue;
            }
            one[n++] = '%';
            one[n++] = digits[c >> 4];
            one[n++] = digits[c & 15];
        }
        if (*used + n + 1 > size || *used + n > QR_TEXT_MAX)
            return false;
        memcpy(out + *used, one, n);
        *used += n;
        out[*used] = '\0';
    }
    return true;
}

bool handoff_mailto(char *out, size_t size, const char *to, const char *subject, const char *body)
{
    size_t used;
    if (!str_format(out, size, "mailto:%s?subject=", to))
        return false;
    used = strlen(out);
    bool whole = mailto_add(out, size, &used, subject);
    if (!str_format(out + used, size - used, "&body=") || used + 6 > QR_TEXT_MAX) {
        out[used] = '\0';
        return false;
    }
    used = strlen(out);
    return mailto_add(out, size, &used, body) && whole;
}

/* A mailto as a person reads it: to whom, and the words. In the frame's arena. */
static const char *mailto_words(struct app *app, const char *mailto)
{
    const char *to = mailto + strlen("mailto:");
    size_t len = strcspn(to, "?");
    char *text = ui_text_f(app->ui, "To %.*s\n%s", (int)len, to,
                           to[len] == '?' ? to + len + 1 + strlen("subject=") : "");
    char *out = text;
    for (const char *at = text; *at != '\0';) {
        uint8_t byte = 0;
        char pair[3] = { at[0] == '%' ? at[1] : '0', '\0', '\0' };
        if (at[0] == '%' && at[1] != '\0')
            pair[1] = at[2];
        /* Our own writing: capitals. */
        for (size_t i = 0; i < 2; i++)
            if (pair[i] >= 'A' && pair[i] <= 'F')
                pair[i] = (char)(pair[i] - 'A' + 'a');
        if (at[0] == '%' && hex_get(&byte, 1, pair)) {
            *out++ = (char)byte;
            at += 3;
        } else if (str_starts(at, "&body=")) {
            *out++ = '\n';
            at += strlen("&body=");
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return text;
}

/* ---- the screen ---- */

static void handoff_enter(struct app *app, void *state)
{
    struct handoff_state *s = state;
    const struct route *route = &router_top(app)->route;
    arena_init(&s->arena, HANDOFF_ARENA);
    (void)str_copy(s->person, sizeof s->person, app->session.person);
    s->parts = handoff_parts(route->text == NULL ? "" : route->text);
}

static void handoff_leave(struct app *app, void *state)
{
    struct handoff_state *s = state;
    (void)app;
    arena_done(&s->arena);
}

/* The code as large as fits into room px, whole pixels a module. */
static void handoff_make(struct app *app, struct handoff_state *s, const char *text, int room)
{
    struct qr code;
    uint8_t *px = NULL;
    size_t len = 0;
    int side = 0;
    if (s->luma.pixels != NULL && s->made_part == s->part && s->made_room == room)
        return;
    arena_reset(&s->arena);
    s->luma = (struct draw_luma){ .pixels = NULL };
    const char *from = handoff_part(text, s->part, &len);
    memcpy(s->text, from, len);
    s->text[len] = '\0';
    enum err rc = qr_make(s->text, &s->arena, &code, &s->why);
    if (rc == ERR_OK) {
        int scale = room / (code.side + 2 * QR_QUIET);
        scale = scale > HANDOFF_SCALE_MAX ? HANDOFF_SCALE_MAX : scale < 2 ? 2 : scale;
        rc = qr_luma(&code, scale, &s->arena, &px, &side, &s->why);
    }
    s->failed = rc != ERR_OK;
    if (s->failed)
        return;
    s->made_part = s->part;
    s->made_room = room;
    s->luma = (struct draw_luma){
        .pixels = px, .w = side, .h = side, .stride = side, .serial = ++app->photo_serial
    };
}

static void handoff_code(struct app *app, struct handoff_state *s, struct rect r)
{
    struct rect at = { r.x + (r.w - s->luma.w) / 2, r.y + (r.h - s->luma.h) / 2, s->luma.w,
                       s->luma.h };
    ui_picture(app->ui, at, "code", ui_text_f(app->ui, "QR code: %s", s->text), &s->luma);
}

/* Passed on: a count of the kiosk, once for each time that this screen is opened, and a tick of one's own. */
static void handoff_count(struct app *app, const char *name, bool *done)
{
    struct why why;
    enum err rc = *done ? ERR_OK : mine_count_add(&app->store, name, 1, &why);
    if (rc == ERR_OK && !*done && session_in(&app->session)) {
        const struct mine_row row = { .kind = MINE_CHALLENGE, .key = CHALLENGE_PASS_ON };
        rc = mine_put(&app->store, app->now, app->session.person, &row, &why);
    }
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not counted: %s", why.text);
        return;
    }
    *done = true;
    app_toast(app, TONE_GOOD, "Counted, without a name: thank you for passing it on");
}

static int handoff_button_height(struct app *app)
{
    return page_target(app);
}

static void handoff_share(struct app *app, struct handoff_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect here = ui_row(r, 0, 2, gap);
    struct rect other = ui_row(r, 1, 2, gap);
    if (s->shared)
        (void)ui_button_off(ui, here, "shared", "Counted", ICON_CHECK,
                            "This one is counted already");
    else if (ui_button(ui, here, "shared", "I passed it on", ICON_PEOPLE, UI_PLAIN))
        handoff_count(app, COUNT_SHARED, &s->shared);
    if (s->shared_other)
        (void)ui_button_off(ui, other, "other", "Counted", ICON_CHECK,
                            "This one is counted already");
    else if (ui_button(ui, other, "other", "To another school", ICON_SCHOOL, UI_PLAIN))
        handoff_count(app, COUNT_SHARED_OTHER, &s->shared_other);
}

static void handoff_turn(struct app *app, struct handoff_state *s, struct rect r)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    struct rect back = ui_col(r, 0, 2, gap);
    struct rect on = ui_col(r, 1, 2, gap);
    if (s->part == 0)
        (void)ui_button_off(ui, back, "before", "Before", ICON_LEFT, "This is the first part");
    else if (ui_button(ui, back, "before", "Before", ICON_LEFT, UI_PLAIN))
        s->part--;
    if (s->part + 1 == s->parts)
        (void)ui_button_off(ui, on, "next", "Next", ICON_RIGHT, "This is the last part");
    else if (ui_button(ui, on, "next", "Next", ICON_RIGHT, UI_PRIMARY))
        s->part++;
}

/* What it is, how to take it, and what it says, for whom has no camera. */
static void handoff_words(struct app *app, struct handoff_state *s, struct rect r,
                          const struct route *route)
{
    struct ui *ui = app->ui;
    bool link = route->number == HANDOFF_LINK;
    const char *title = route->text2 == NULL ? "" : route->text2;
    if (link) {
        struct rect buttons = ui_cut_bottom(&r, 2 * handoff_button_height(app) + ui_gap(ui));
        handoff_share(app, s, buttons);
        (void)ui_cut_bottom(&r, ui_gap(ui));
    } else if (s->parts > 1) {
        handoff_turn(app, s, ui_cut_bottom(&r, page_primary(app)));
        (void)ui_cut_bottom(&r, ui_gap(ui));
    }
    struct ui_scroll list = ui_scroll_begin(ui, r, "words");
    if (title[0] != '\0')
        parts_head(app, &list, "what", title);
    if (s->parts > 1)
        parts_words(app, &list, "part",
                    ui_text_f(ui, "Part %zu of %zu: one after another, in this order.", s->part + 1,
                              s->parts),
                    TONE_INFO);
    parts_words(app, &list, "how",
                "Point the phone's camera at the square, or copy this:", TONE_MUTED);
    bool mail = route->number == HANDOFF_MAIL && str_starts(s->text, "mailto:");
    const char *shown = mail ? mailto_words(app, s->text) : s->text;
    int h = ui_para_height(ui, list.view.w, shown, SIZE_BODY, FONT_SEMIBOLD);
    (void)ui_para(ui, ui_scroll_row(&list, h), "link", shown, SIZE_BODY, FONT_SEMIBOLD, TONE_PLAIN);
    ui_scroll_end(ui, &list);
}

static void handoff_frame(struct app *app, void *state)
{
    struct handoff_state *s = state;
    struct ui *ui = app->ui;
    const struct route *route = &router_top(app)->route;
    const char *text = route->text == NULL ? "" : route->text;
    struct rect page = page_begin(app, "Take it on your phone");
    if (s->person[0] != '\0' && !str_eq(s->person, app->session.person)) {
        /* Another badge was held up: it may be the other's own, as their training is. */
        router_pop(app);
        return;
    }
    int gap = ui_gap(ui);
    bool portrait = ui_portrait(ui);
    int most = portrait ? page.w : page.w * 58 / 100;
    int room = portrait ? page.h * 56 / 100 : page.h;
    room = room < most ? room : most;
    handoff_make(app, s, text, room);
    if (s->failed) {
        page_fault(app, page, "This cannot be shown as a QR code", &s->why);
        return;
    }
    int side = s->luma.w > room ? s->luma.w : room;
    struct rect code = portrait ? ui_cut_top(&page, side) : ui_cut_left(&page, side);
    (void)(portrait ? ui_cut_top(&page, gap) : ui_cut_left(&page, gap));
    handoff_code(app, s, code);
    handoff_words(app, s, page, route);
}

const struct screen screen_handoff = {
    .id = "handoff",
    .state_size = sizeof(struct handoff_state),
    .enter = handoff_enter,
    .frame = handoff_frame,
    .leave = handoff_leave,
};
