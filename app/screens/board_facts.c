/* What is behind the screens of the noticeboard: the constituency, what waits, what a person has done. */
#include <string.h>

#include "app/screens/board.h"
#include "app/screens/letter.h"
#include "app/store/mine.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

/* ---- the constituency ---- */

const char *board_place_doc(struct app *app, struct arena *a, const char *code)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (code[0] == '\0')
        return "";
    if (content_docs(app->content, "place", "code", code, a, &heads, &count, NULL) == ERR_OK &&
        count > 0)
        return heads[0].id;
    return "";
}

const char *board_constituency(struct app *app, struct arena *a)
{
    const char *code = "";
    if (query_constituency(&app->store, a, &code, NULL) != ERR_OK || code == NULL)
        return "";
    return code;
}

void board_place(struct app *app, struct arena *a, struct board_place *out)
{
    struct doc d;
    *out = (struct board_place){ .code = "", .doc = "", .name = "", .kind = "", .ask = "" };
    const char *code = board_constituency(app, a);
    if (code[0] == '\0')
        return;
    out->code = code;
    out->name = code;
    out->doc = board_place_doc(app, a, code);
    if (out->doc[0] == '\0' || content_doc(app->content, out->doc, a, &d, NULL) != ERR_OK)
        return;
    out->name = d.title;
    out->kind = doc_text(&d, "place_kind");
    out->ask = doc_text(&d, "ask");
}

const char *board_title(struct app *app, struct arena *a, const char *id)
{
    struct doc_head *heads = NULL;
    size_t count = 0;
    if (content_layers(app->content, id, a, &heads, &count, NULL) == ERR_OK && count > 0)
        return heads[0].title;
    return id;
}

bool board_has(struct app *app, const char *id)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    bool has = content_layers(app->content, id, &app->scratch, &heads, &count, NULL) == ERR_OK &&
               count > 0;
    arena_rewind(&app->scratch, mark);
    return has;
}

/* ---- what waits to be considered ---- */

static bool board_unmarked(struct app *app, const char *doc, const char *article)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct considered_row row = { .mark = CONSIDERED_NOT };
    bool none = query_considered(&app->store, doc, article, &app->scratch, &row, NULL) != ERR_OK ||
                row.mark == CONSIDERED_NOT;
    arena_rewind(&app->scratch, mark);
    return none;
}

bool board_waits(struct app *app, const struct doc *d)
{
    if (d->withdrawn[0] != '\0' || (d->hide_after != CALDATE_NONE && d->hide_after < app->today))
        return false;
    if (str_eq(d->kind, "notice"))
        return board_unmarked(app, d->id, "");
    if (!str_eq(doc_text(d, "series"), "SSERC Bulletin"))
        return false;
    const struct doc_node *articles = doc_get(d, "articles");
    for (size_t i = 0; i < doc_node_count(articles); i++)
        if (board_unmarked(app, d->id, doc_node_text(&articles->items[i], "id")))
            return true;
    return false;
}

size_t board_news(struct app *app)
{
    enum { BOARD_NEWS_MAX = 300 }; /* home asks for it whenever a line is written */
    struct arena_mark mark = arena_mark(&app->scratch);
    struct doc_head *heads = NULL;
    size_t count = 0;
    size_t waiting = 0;
    if (content_docs(app->content, "bulletin,notice", "", "", &app->scratch, &heads, &count,
                     NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count && i < BOARD_NEWS_MAX; i++) {
        struct arena_mark one = arena_mark(&app->scratch);
        struct doc d;
        if (content_doc(app->content, heads[i].id, &app->scratch, &d, NULL) == ERR_OK)
            waiting += board_waits(app, &d) ? 1 : 0;
        arena_rewind(&app->scratch, one);
    }
    arena_rewind(&app->scratch, mark);
    return waiting;
}

/* ---- what comes ---- */

/* The day that a person has to know of, if it comes within the strip; INT32_MAX otherwise. */
static int32_t board_coming_day(struct app *app, const struct doc *d, bool *out_closes)
{
    enum { BOARD_STRIP_DAYS = 14 };
    struct service_moment starts = service_moment(doc_text(d, "starts"));
    int32_t closes = service_day(d, "closes_on");
    *out_closes = closes != CALDATE_NONE && closes >= app->today;
    int32_t day = *out_closes ? closes : starts.day;
    if (day == CALDATE_NONE || day < app->today || day > app->today + BOARD_STRIP_DAYS)
        return INT32_MAX;
    return *out_closes || !service_over(d, app->today, app->minutes) ? day : INT32_MAX;
}

bool board_coming(struct app *app, struct board_coming *out)
{
    struct arena *a = &app->scratch;
    struct arena_mark mark = arena_mark(a);
    struct doc_head *heads = NULL;
    size_t count = 0;
    int32_t best = INT32_MAX;
    if (content_docs(app->content, "event", "", "", a, &heads, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        struct arena_mark one = arena_mark(a);
        struct doc d;
        bool closes = false;
        int32_t day = content_doc(app->content, heads[i].id, a, &d, NULL) == ERR_OK
                          ? board_coming_day(app, &d, &closes)
                          : INT32_MAX;
        if (day < best) {
            struct service_moment at = { .day = day, .minutes = -1 };
            best = day;
            if (!closes)
                at = service_moment(doc_text(&d, "starts"));
            const char *when = service_moment_words(a, at);
            (void)str_copy(out->doc, sizeof out->doc, heads[i].id);
            (void)str_copy(out->title, sizeof out->title, heads[i].title);
            (void)str_format(out->when, sizeof out->when, "%s%s", closes ? "Closes " : "",
                             when == NULL ? "" : when);
        }
        arena_rewind(a, one);
    }
    arena_rewind(a, mark);
    return best != INT32_MAX;
}

/* ---- a person's courses ---- */

bool board_private(const struct app *app)
{
    return session_in(&app->session) && (app->session.proof & PROOF_PIN) != 0;
}

void board_ask_pin(struct app *app, const char *what)
{
    router_push(app, "sign_in", &(struct route){ .number = PROOF_PIN, .text = what });
}

enum board_done board_done(struct app *app, const char *course)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    struct mine_row *rows = NULL;
    struct mine_row row;
    size_t count = 0;
    bool found = false;
    enum board_done done = DONE_NOT;
    if (!board_private(app))
        return DONE_HIDDEN;
    if (mine_get(&app->store, app->session.person, MINE_PROFILE,
                 ui_text_f(app->ui, "experience/%s", course), &app->scratch, &row, &found,
                 NULL) == ERR_OK &&
        found)
        done = DONE_EXPERIENCE;
    if (mine_list(&app->store, app->session.person, MINE_TRAINING, &app->scratch, &rows, &count,
                  NULL) == ERR_OK)
        for (size_t i = 0; i < count; i++)
            if (str_eq(mine_value(&rows[i], "course"), course))
                done = DONE_RECORDED;
    arena_rewind(&app->scratch, mark);
    return done;
}

bool board_suits(struct app *app, const struct doc *course)
{
    const struct doc_node *suits = doc_get(course, "suits");
    bool any = false;
    if (!board_private(app))
        return false;
    for (size_t i = 0; i < doc_node_count(suits) && !any; i++) {
        struct arena_mark mark = arena_mark(&app->scratch);
        struct mine_row row;
        bool found = false;
        any = mine_get(&app->store, app->session.person, MINE_PROFILE,
                       ui_text_f(app->ui, BOARD_SUBJECT "%s", doc_node_at(suits, i)), &app->scratch,
                       &row, &found, NULL) == ERR_OK &&
              found;
        arena_rewind(&app->scratch, mark);
    }
    return any;
}

bool board_open(struct app *app, struct arena *a, const struct doc *course, const char **out_first)
{
    const struct doc_node *list = doc_get(course, "prerequisites");
    *out_first = "";
    for (size_t i = 0; i < doc_node_count(list); i++) {
        enum board_done done = board_done(app, doc_node_at(list, i));
        if (done == DONE_RECORDED || done == DONE_EXPERIENCE)
            continue;
        *out_first = board_title(app, a, doc_node_at(list, i));
        return false;
    }
    return true;
}

/* ---- ways on ---- */

void board_list_open(struct app *app, const char *list)
{
    router_push(app, "board_list", &(struct route){ .text = list });
}

void board_letter(struct app *app, const char *form, const char *about)
{
    board_letter_with(app, form, about, NULL);
}

void board_letter_with(struct app *app, const char *form, const char *about, const char *words)
{
    struct ask_about thing;
    if (content_form_brief(app->content, form) == NULL) {
        app_toast(app, TONE_INFO, "This kiosk's content has no form for that");
        return;
    }
    if (about[0] == '\0') {
        letter_open_with(app, form, NULL, words);
        return;
    }
    thing = ask_about(app, about, false, "", ui_arena(app->ui));
    letter_open_with(app, form, &thing, words);
}
