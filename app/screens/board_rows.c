#include "app/screens/board_rows.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

enum { ROWS_DOC_ARENA = 8 * 1024 * 1024 }; /* one document at a time */

struct rows_in {
    struct app *app;
    struct arena *a;
    struct board_place place;
    struct board_rows *out;
    const struct doc *d;
};

/* Adds the row, in the list's arena; returns it for what is special of it. NULL: no more room. */
static struct board_row *rows_add(struct rows_in *in, const char *words, uint32_t icon)
{
    if (in->out->count == BOARD_ROWS_MAX || words == NULL)
        return NULL;
    struct board_row *row = &in->out->rows[in->out->count];
    *row = (struct board_row){ .doc = arena_strdup(in->a, in->d->id),
                               .article = "",
                               .title = arena_strdup(in->a, in->d->title),
                               .words = arena_strdup(in->a, words),
                               .icon = icon };
    if (row->doc == NULL || row->title == NULL || row->words == NULL)
        return NULL;
    row->key = row->doc;
    in->out->count++;
    return row;
}

static const char *rows_day(struct rows_in *in, int32_t day)
{
    return page_day(in->app, day);
}

/* ---- periodicals and notices ---- */

static void rows_bulletin(struct rows_in *in)
{
    int32_t day = service_day(in->d, "published");
    bool waits = board_waits(in->app, in->d);
    size_t articles = doc_node_count(doc_get(in->d, "articles"));
    const char *words = arena_printf(in->a, "%s · %zu article%s", rows_day(in, day), articles,
                                     articles == 1 ? "" : "s");
    struct board_row *row = rows_add(in, words, ICON_DOCUMENT);
    if (row == NULL)
        return;
    /* By the number on the cover, whenever it came. */
    row->order = -(int64_t)service_int(in->d, "number");
    row->badge = waits ? "New" : NULL;
    row->tone = TONE_INFO;
}

static void rows_issue(struct rows_in *in)
{
    if (str_eq(doc_text(in->d, "series"), "SSERC Bulletin"))
        rows_bulletin(in);
}

static void rows_stst(struct rows_in *in)
{
    if (str_eq(doc_text(in->d, "series"), "The School STEM Technician"))
        rows_bulletin(in);
}

static const char *rows_force(struct rows_in *in, int32_t day, int32_t today)
{
    if (day == CALDATE_NONE)
        return "No day is published yet";
    if (day > today)
        return arena_printf(in->a, "In force in %d day%s, on %s", day - today,
                            day - today == 1 ? "" : "s",
                            service_moment_words(in->a, (struct service_moment){ day, -1 }));
    return arena_printf(in->a, "Now in force, since %s",
                        service_moment_words(in->a, (struct service_moment){ day, -1 }));
}

static void rows_law(struct rows_in *in)
{
    if (!str_eq(doc_text(in->d, "notice_kind"), "law"))
        return;
    int32_t day = service_day(in->d, "in_force_from");
    int32_t today = in->app->today;
    struct board_row *row = rows_add(in, rows_force(in, day, today), ICON_CALENDAR);
    if (row == NULL)
        return;
    bool coming = day == CALDATE_NONE || day > today;
    row->group = coming ? 0 : 1;
    row->order = day == CALDATE_NONE ? INT32_MAX : coming ? day : -(int64_t)day;
    row->badge = board_waits(in->app, in->d) ? "New" : NULL;
    row->tone = TONE_INFO;
}

/* Whatever waits, then other news, and what its publisher takes away again last. */
static void rows_news(struct rows_in *in)
{
    const struct doc *d = in->d;
    bool bulletin = str_eq(d->kind, "bulletin");
    bool waits = board_waits(in->app, d);
    bool hidden = d->hide_after != CALDATE_NONE && d->hide_after < in->app->today;
    if (bulletin && !waits)
        return;
    const char *words = arena_printf(in->a, "%s · %s", rows_day(in, d->revised_day), d->summary);
    bool recall = str_eq(doc_text(d, "notice_kind"), "recall");
    struct board_row *row = rows_add(in, words,
                                     recall     ? ICON_ALERT
                                     : bulletin ? ICON_DOCUMENT
                                                : ICON_BELL);
    if (row == NULL)
        return;
    row->group = hidden ? 2 : waits ? 0 : 1;
    row->order = -(int64_t)d->revised_day;
    row->badge = recall ? "Recall" : waits ? "New" : NULL;
    row->tone = recall ? TONE_DUE : TONE_INFO;
}

/* ---- courses, centres, schemes ---- */

static void rows_course(struct rows_in *in)
{
    const struct doc *d = in->d;
    const char *first = "";
    if (!service_for(d, in->place.code))
        return;
    bool open = board_open(in->app, in->a, d, &first);
    const char *rating = service_rating_words(in->a, d);
    const char *length = service_length_words(in->a, d);
    if (rating == NULL || length == NULL)
        return;
    const char *words = arena_printf(in->a, "%s%s%s%s%s", rating, length[0] == '\0' ? "" : " · ",
                                     length, open ? "" : "\nFirst: ", open ? "" : first);
    struct board_row *row = rows_add(in, words, open ? ICON_SCHOOL : ICON_LOCK);
    if (row == NULL)
        return;
    row->rated = service_rating(d) == RATING_SCQF;
    row->group = doc_node_count(doc_get(d, "constituency")) > 0 ? 0
                 : board_suits(in->app, d)                      ? 1
                                                                : 2;
    bool done = board_done(in->app, d->id) == DONE_RECORDED;
    row->badge = done ? "Recorded" : open ? NULL : "Not yet";
    row->tone = done ? TONE_GOOD : TONE_DUE;
}

static void rows_centre(struct rows_in *in)
{
    const struct doc *d = in->d;
    bool lapsed = service_lapsed(d, in->app->today);
    bool near = in->place.code[0] != '\0' && service_names(d, "constituency", in->place.code);
    const char *area = doc_text(d, "area");
    size_t courses = doc_node_count(doc_get(d, "courses"));
    const char *words =
        lapsed ? "Accreditation lapsed: check"
               : arena_printf(in->a, "%s · %zu course%s", area, courses, courses == 1 ? "" : "s");
    struct board_row *row = rows_add(in, words, ICON_PLACE);
    if (row == NULL)
        return;
    row->group = lapsed ? 2 : near ? 0 : 1;
    row->badge = lapsed ? "Lapsed" : NULL;
    row->tone = TONE_DUE;
}

static void rows_scheme(struct rows_in *in)
{
    const struct doc *d = in->d;
    bool closed = service_closed(d, in->app->today);
    int32_t closes = service_day(d, "closes_on");
    enum service_fit fit = service_fit(d, in->place.kind);
    const char *day = service_moment_words(in->a, (struct service_moment){ closes, -1 });
    const char *words =
        closed ? arena_printf(in->a, "Closed on %s", day)
        : closes == CALDATE_NONE
            ? service_fit_words(fit, in->place.kind)
            : arena_printf(in->a, "%s\nCloses on %s", service_fit_words(fit, in->place.kind), day);
    struct board_row *row = rows_add(in, words, closed ? ICON_CALENDAR : ICON_TAG);
    if (row == NULL)
        return;
    row->group = closed ? 3 : (size_t)fit;
    row->order = closes == CALDATE_NONE ? INT32_MAX : closes;
    row->badge = closed           ? "Closed"
                 : fit == FIT_NO  ? "Not open to you"
                 : fit == FIT_ASK ? "Ask first"
                                  : "Open to you";
    row->tone = closed || fit == FIT_NO ? TONE_INFO : fit == FIT_ASK ? TONE_DUE : TONE_GOOD;
}

/* ---- events and awards ---- */

static void rows_when(struct rows_in *in, bool award)
{
    const struct doc *d = in->d;
    if (str_eq(doc_text(d, "event_kind"), "award") != award)
        return;
    struct service_moment at = service_moment(doc_text(d, "starts"));
    int32_t closes = service_day(d, "closes_on");
    const char *by = service_moment_words(in->a, (struct service_moment){ closes, -1 });
    bool over = service_over(d, in->app->today, in->app->minutes);
    bool closed = service_closed(d, in->app->today);
    const char *words = service_moment_words(in->a, at);
    if (closes != CALDATE_NONE && (award || at.day == CALDATE_NONE))
        words = arena_printf(in->a, closed ? "Closed on %s" : "Closes on %s", by);
    else if (at.day == CALDATE_NONE)
        words = "Dates not published yet";
    else if (over && doc_text(d, "recording_link")[0] == '\0')
        words = arena_printf(in->a, "%s\nRecording: not here yet", words);
    struct board_row *row = rows_add(in, words, award ? ICON_BADGE : ICON_CALENDAR);
    if (row == NULL)
        return;
    int32_t day = award && closes != CALDATE_NONE ? closes
                  : at.day != CALDATE_NONE        ? at.day
                                                  : closes;
    bool past = over || (award && closed);
    row->group = past ? 1 : 0;
    row->order = day == CALDATE_NONE ? INT32_MAX : past ? -(int64_t)day : day;
    bool film = past && doc_text(d, "recording_link")[0] != '\0';
    row->badge = film ? "Recording" : NULL;
    row->tone = TONE_INFO;
}

static void rows_event(struct rows_in *in)
{
    rows_when(in, false);
}

static void rows_award(struct rows_in *in)
{
    rows_when(in, true);
}

/* ---- films, bodies, contacts ---- */

static void rows_tv(struct rows_in *in)
{
    size_t films = doc_node_count(doc_get(in->d, "items"));
    const char *words =
        arena_printf(in->a, "%zu film%s · %s", films, films == 1 ? "" : "s", in->d->summary);
    (void)rows_add(in, words, ICON_CAMERA);
}

static void rows_body(struct rows_in *in)
{
    (void)rows_add(in, in->d->summary, ICON_PEOPLE);
}

static void rows_place(struct rows_in *in)
{
    const struct doc *d = in->d;
    bool council = str_eq(doc_text(d, "place_kind"), "authority");
    struct board_row *row =
        rows_add(in, council ? "" : d->summary, council ? ICON_PLACE : ICON_SCHOOL);
    if (row != NULL && str_eq(doc_text(d, "code"), in->place.code))
        row->card = CARD_SELECTED;
}

static void rows_contact(struct rows_in *in)
{
    static const char *const said[] = {
        [CONTACT_NAME] = "", [CONTACT_VACANT] = "Vacant", [CONTACT_UNPUBLISHED] = "Not published"
    };
    const struct doc *d = in->d;
    if (str_eq(doc_text(d, "role"), "stac") || !service_for(d, in->place.code))
        return;
    enum service_contact who = service_contact(d);
    (void)rows_add(in, who == CONTACT_NAME ? doc_text(d, "name") : said[who], ICON_PERSON);
}

/* ---- the table ---- */

static const struct rows_list {
    const char *list, *title, *none, *hint, *kind;
    struct board_group groups[BOARD_GROUPS_MAX];
    void (*read)(struct rows_in *in);
} lists[] = {
    { BOARD_NEWS,
      "New and noted",
      "Nothing is published yet",
      "",
      "bulletin,notice",
      { { "To consider", false }, { "Considered", false }, { "Past", true } },
      rows_news },
    { BOARD_BULLETIN,
      "SSERC Bulletin",
      "No Bulletin is here yet",
      "",
      "bulletin",
      { { "", false } },
      rows_issue },
    { BOARD_LAW,
      "Law changes",
      "No change of the law is here yet",
      "",
      "notice",
      { { "To come", false }, { "Now in force", false } },
      rows_law },
    { BOARD_STST,
      "The School STEM Technician",
      "No issue is here yet",
      "",
      "bulletin",
      { { "", false } },
      rows_stst },
    { BOARD_COURSES,
      "Courses",
      "No course is here yet",
      "",
      "course",
      { { "For your authority", false },
        { "Suggested for you", false },
        { "For everybody", false } },
      rows_course },
    { BOARD_EVENTS,
      "Tech Meets and events",
      "No event is here yet",
      "Times are those of the clock on the wall.",
      "event",
      { { "To come", false }, { "Past", true } },
      rows_event },
    { BOARD_TV,
      "SSERC TV",
      "No list of films is here yet",
      "Films play on your phone. This kiosk holds their titles.",
      "videos",
      { { "", false } },
      rows_tv },
    { BOARD_SCHEMES,
      "Bursaries and subsidies",
      "No bursary is here yet",
      "",
      "scheme",
      { { "Open to your school", false },
        { "Ask first", false },
        { "Not open to your school", false },
        { "Closed", true } },
      rows_scheme },
    { BOARD_CENTRES,
      "SSERC Accredited Centres",
      "No centre is here yet",
      "",
      "centre",
      { { "In your authority", false }, { "Elsewhere", false }, { "Accreditation lapsed", false } },
      rows_centre },
    { BOARD_AWARDS,
      "Awards",
      "No award is here yet",
      "",
      "event",
      { { "Open", false }, { "Past", true } },
      rows_award },
    { BOARD_BODIES,
      "Who is who",
      "Nobody is listed yet",
      "",
      "link",
      { { "", false } },
      rows_body },
    { BOARD_CONTACTS,
      "Contacts",
      "No contact is published yet",
      "",
      "person",
      { { "", false } },
      rows_contact },
    { BOARD_PLACES,
      "Constituencies",
      "No constituency is here yet",
      "",
      "place",
      { { "", false } },
      rows_place },
};

/* Few rows: order by insertion, which keeps those alike as they came. */
static void rows_sort(struct board_rows *out)
{
    for (size_t i = 1; i < out->count; i++) {
        struct board_row row = out->rows[i];
        size_t at = i;
        for (; at > 0 && out->rows[at - 1].order > row.order; at--)
            out->rows[at] = out->rows[at - 1];
        out->rows[at] = row;
    }
}

static void rows_each(struct rows_in *in, const struct rows_list *list,
                      const struct doc_head *heads, size_t count)
{
    struct arena room;
    arena_init(&room, ROWS_DOC_ARENA);
    for (size_t i = 0; i < count; i++) {
        struct doc d;
        arena_reset(&room);
        if (content_doc(in->app->content, heads[i].id, &room, &d, NULL) != ERR_OK)
            continue;
        in->d = &d;
        list->read(in);
    }
    arena_done(&room);
}

/* The log of what was considered, newest first. */
static enum err rows_considered(struct app *app, struct arena *a, struct board_rows *out,
                                struct why *why)
{
    static const char *const words[] = { [CONSIDERED_NOT] = "",
                                         [CONSIDERED_NO_CHANGE] = "No change",
                                         [CONSIDERED_CHANGED] = "Changed",
                                         [CONSIDERED_ASK] = "To ask" };
    struct considered_row *marks = NULL;
    size_t count = 0;
    enum err rc = query_considered_all(&app->store, "", a, &marks, &count, why);
    out->list = BOARD_CONSIDERED;
    out->title = "What was considered";
    out->none = "Nothing was considered yet";
    out->hint = "";
    for (size_t i = 0; rc == ERR_OK && i < count && out->count < BOARD_ROWS_MAX; i++) {
        const struct considered_row *m = &marks[i];
        out->rows[out->count++] = (struct board_row){
            .key = m->event,
            .doc = m->doc,
            .article = m->article,
            .title = board_title(app, a, m->doc),
            .words = arena_printf(a, "%s · %s · %s%s%s", page_time(app, m->at_ms), words[m->mark],
                                  m->person_name, m->note[0] == '\0' ? "" : "\n", m->note),
            .icon = ICON_CHECK,
        };
    }
    return rc;
}

enum err board_rows_read(struct app *app, const char *list, struct arena *a, struct board_rows *out,
                         struct why *why)
{
    const struct rows_list *found = NULL;
    struct doc_head *heads = NULL;
    size_t count = 0;
    *out = (struct board_rows){ .rows = arena_array(a, BOARD_ROWS_MAX, sizeof *out->rows) };
    if (out->rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the list");
    if (str_eq(list, BOARD_CONSIDERED))
        return rows_considered(app, a, out, why);
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        found = str_eq(lists[i].list, list) ? &lists[i] : found;
    if (found == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "there is no list \"%.40s\"", list);
    out->list = found->list;
    out->title = found->title;
    out->none = found->none;
    out->hint = found->hint;
    memcpy(out->groups, found->groups, sizeof out->groups);
    struct rows_in in = { .app = app, .a = a, .out = out };
    board_place(app, a, &in.place);
    enum err rc = content_docs(app->content, found->kind, "", "", a, &heads, &count, why);
    if (rc != ERR_OK)
        return rc;
    rows_each(&in, found, heads, count);
    rows_sort(out);
    return ERR_OK;
}
