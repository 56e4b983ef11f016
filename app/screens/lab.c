/* Lab work: sources, cultures, steriliser runs, stock with a clock, stores to count, instruments. Each a list by what matters
   about it. */
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/facts.h"
#include "app/screens/places.h"
#include "platform/base/str.h"

enum lab_page { LAB_SOURCES, LAB_CULTURES, LAB_RUNS, LAB_STOCK, LAB_STORES, LAB_METERS, LAB_PAGES };

static const struct {
    const char *id, *title, *words, *none, *none_words;
    uint32_t icon;
} lab_pages[LAB_PAGES] = {
    { "sources", "Radioactive sources", "Activity today, leak tests, what is out",
      "No source is on the register", "Register each one by its engraving or tag.",
      ICON_RADIOACTIVE },
    { "cultures", "Cultures", "Alive until destroyed", "No culture is on the register",
      "A culture is registered the day it comes in.", ICON_BIOHAZARD },
    { "runs", "Autoclave runs", "F0 and temperatures over time",
      "No autoclave or pressure cooker is on the register", "Register it with its label first.",
      ICON_POT },
    { "stock", "Stock with a clock", "Peroxide formers, solutions, media, by date",
      "Nothing on the register has a date to be used by",
      "A bottle gets its date when its first check is signed.", ICON_FLASK },
    { "stores", "Count a store", "Scan every one in turn", "No store is on the register",
      "Register the store itself, with a label on its door.", ICON_QR_SCAN },
    { "meters", "Instruments", "Calibrated until", "No instrument is on the register",
      "Register the testers, balances and meters that checks are made with.", ICON_GAUGE },
};

struct lab_row {
    struct item item;
    const char *words, *badge;
    enum ui_tone tone;
    int32_t order;
};
struct lab_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct lab_row *rows;
    size_t count;
};

static enum lab_page lab_page(struct app *app)
{
    const char *text = router_top(app)->route.text;
    for (int i = 0; text != NULL && i < LAB_PAGES; i++)
        if (str_eq(lab_pages[i].id, text))
            return (enum lab_page)i;
    return LAB_SOURCES;
}

static bool lab_calibrates(struct app *app, const char *kind)
{
    size_t count = 0;
    const struct form_brief *const *forms = content_forms_for(app->content, kind, &count);
    for (size_t i = 0; i < count; i++)
        if (forms[i]->calibration)
            return true;
    return false;
}

static bool lab_ends(const char *text, const char *end)
{
    size_t a = strlen(text);
    size_t b = strlen(end);
    return a >= b && str_eq(text + a - b, end);
}

static bool lab_wants(struct app *app, enum lab_page page, const struct item *item)
{
    const struct kind *kind = content_kind(app->content, item->kind);
    const char *group = kind == NULL ? "" : kind->group;
    if (item->retired)
        return false;
    switch (page) {
    case LAB_SOURCES:
        return str_eq(item->kind, "radioactive-source") ||
               str_eq(item->kind, "radioactive-generator");
    case LAB_CULTURES:
        return kind != NULL && kind->ends[0] != '\0';
    case LAB_RUNS:
        return str_eq(item->kind, "autoclave") || str_eq(item->kind, "pressure-cooker");
    case LAB_STOCK:
        return str_eq(group, "Chemicals") || str_eq(group, "Microbiology");
    case LAB_STORES:
        return lab_ends(item->kind, "-store");
    case LAB_METERS:
        return str_eq(group, "Instruments") || lab_calibrates(app, item->kind);
    case LAB_PAGES:
        break;
    }
    return false;
}

/* Texts of a row outlive the frame, so they go into the screen's arena. */
static const char *lab_keep(struct lab_state *s, const char *text)
{
    const char *kept = arena_strdup(&s->arena, text);
    return kept == NULL ? "" : kept;
}

static const char *lab_run_words(struct app *app, struct lab_state *s, const struct item *item)
{
    struct reading *rows = NULL;
    size_t count = 0;
    if (query_readings(&app->store, item->id, "", "f0", &s->arena, &rows, &count, NULL) != ERR_OK ||
        count == 0)
        return "No run with a log is recorded yet";
    const struct reading *last = &rows[count - 1];
    return ui_text_f(app->ui, "F0 %s %s · %s · %zu logged", last->text, last->unit,
                     page_day(app, last->day), count);
}

/* The next check by date, whatever makes it due. */
static const char *lab_next(struct app *app, const struct status *status)
{
    for (size_t i = 0; i < status->cycle_count; i++) {
        const struct cycle_status *c = &status->cycles[i];
        if (c->due_day != CALDATE_NONE)
            return ui_text_f(app->ui, "%s %s", c->cycle->title, page_day(app, c->due_day));
    }
    return "";
}

static void lab_words(struct app *app, struct lab_state *s, enum lab_page page,
                      const struct status *status, struct lab_row *row)
{
    struct fact *facts = NULL;
    size_t count = 0;
    const struct status_facts *f = status->facts;
    if (query_facts(&app->store, row->item.id, &s->arena, &facts, &count, NULL) != ERR_OK)
        count = 0;
    const char *line = facts_line(app, facts, count);
    const char *place = page_place(app, &row->item);
    const char *next = lab_next(app, status);
    row->words = line[0] != '\0' ? line : place;
    row->order = facts_day(facts, count, "use_by");
    switch (page) {
    case LAB_SOURCES:
        if (next[0] != '\0')
            row->words = ui_text_f(app->ui, "%s · %s", row->words, next);
        if (f != NULL && f->out)
            row->words = ui_text_f(app->ui, "%s · out", row->words);
        break;
    case LAB_CULTURES:
        if (f != NULL && f->life != NULL && f->life[0] != '\0')
            row->words = ui_text_f(app->ui, "%s%s%s %s", line, line[0] == '\0' ? "" : " · ",
                                   f->life, page_day(app, f->life_day));
        row->order = f != NULL && f->life_ended ? 1 : 0;
        break;
    case LAB_RUNS:
        row->words = lab_run_words(app, s, &row->item);
        break;
    case LAB_METERS:
        row->words = next[0] != '\0' ? next : place;
        break;
    case LAB_STOCK:
    case LAB_STORES:
    case LAB_PAGES:
        break;
    }
    row->words = lab_keep(s, row->words);
    row->badge = lab_keep(s, page_status_word(status));
    row->tone = page_use_tone(status->use);
}

static int lab_cmp(const void *a, const void *b)
{
    const struct lab_row *x = a;
    const struct lab_row *y = b;
    if (x->order != y->order)
        return x->order < y->order ? -1 : 1;
    return strcmp(x->item.name, y->item.name);
}

static enum err lab_load(struct app *app, struct lab_state *s, enum lab_page page)
{
    struct item *items = NULL;
    size_t count = 0;
    const char *school = places_school(app, &s->arena);
    enum err rc = query_items(&app->store, "", &s->arena, &items, &count, &s->why);
    s->count = 0;
    if (rc != ERR_OK)
        return rc;
    s->rows = arena_array(&s->arena, count + 1, sizeof *s->rows);
    /* A list that has no room is no empty list. */
    if (s->rows == NULL)
        return why_set(&s->why, ERR_NOMEM, 0, "no room for the list");
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct status status;
        struct lab_row *row = &s->rows[s->count];
        if (!lab_wants(app, page, &items[i]) || !places_listed(school, items[i].school))
            continue;
        rc = parts_status(app, &items[i], &s->arena, &status, &s->why);
        if (rc != ERR_OK)
            break;
        *row = (struct lab_row){ .item = items[i] };
        lab_words(app, s, page, &status, row);
        bool dated = page != LAB_STOCK || row->order != CALDATE_NONE;
        s->count += dated ? 1 : 0;
    }
    if (rc == ERR_OK && (page == LAB_STOCK || page == LAB_CULTURES) && s->count > 1)
        qsort(s->rows, s->count, sizeof *s->rows, lab_cmp);
    return rc;
}

static void lab_read(struct app *app, struct lab_state *s)
{
    arena_begin(&s->arena, (size_t)32 * 1024 * 1024);
    s->failed = lab_load(app, s, lab_page(app)) != ERR_OK;
}

static void lab_leave(struct app *app, void *state)
{
    (void)app;
    struct lab_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile lab_tile(struct app *app, const void *rows, size_t at)
{
    const struct lab_row *row = (const struct lab_row *)rows + at;
    struct ui_tile tile = parts_item(app, &row->item);
    tile.words = row->words;
    tile.badge = row->badge;
    tile.badge_tone = row->tone;
    return tile;
}

static void lab_list_frame(struct app *app, void *state)
{
    struct lab_state *s = state;
    enum lab_page which = lab_page(app);
    bool stale = screen_stale(app, &s->seen);
    if (parts_moved(app, &s->when, true) || stale)
        lab_read(app, s);
    struct rect page = page_begin(app, lab_pages[which].title);
    if (page_lacks_content(app, page))
        return;
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, lab_pages[which].icon, lab_pages[which].none,
                   lab_pages[which].none_words);
        return;
    }
    int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, lab_tile);
    if (tapped >= 0)
        router_push(app, which == LAB_RUNS ? "readings" : "item",
                    &(struct route){ .item = s->rows[tapped].item.id });
}

const struct screen screen_lab_list = {
    .id = "lab_list",
    .state_size = sizeof(struct lab_state),
    .frame = lab_list_frame,
    .leave = lab_leave,
};

/* ---- the pages ---- */

static struct ui_tile lab_page_tile(struct app *app, const void *rows, size_t at)
{
    (void)app;
    (void)rows;
    return (struct ui_tile){ .id = lab_pages[at].id,
                             .title = lab_pages[at].title,
                             .words = lab_pages[at].words,
                             .icon = lab_pages[at].icon };
}

static void lab_frame(struct app *app, void *state)
{
    (void)state;
    bool narrow = ui_portrait(app->ui) || app->opt.large;
    struct rect page = page_begin(app, "Lab work");
    if (page_lacks_content(app, page))
        return;
    int tapped =
        parts_tiles(app, page, "pages", lab_pages, LAB_PAGES, narrow ? 1 : 2, lab_page_tile);
    if (tapped >= 0)
        router_push(app, "lab_list", &(struct route){ .text = lab_pages[tapped].id });
}

const struct screen screen_lab = { .id = "lab", .frame = lab_frame };

/* ---- what is out ---- */

struct out_state {
    uint64_t seen;
    bool failed;
    struct why why;
    struct arena arena;
    struct custody_row *rows;
    size_t count;
};

static void out_leave(struct app *app, void *state)
{
    (void)app;
    struct out_state *s = state;
    arena_done(&s->arena);
}

static struct ui_tile out_tile(struct app *app, const void *rows, size_t at)
{
    const struct custody_row *row = (const struct custody_row *)rows + at;
    struct ui *ui = app->ui;
    struct ui_tile tile = parts_item(app, &row->item);
    const char *back = row->back_by_ms == 0
                           ? ui_text_f(ui, "since %s", page_day(app, row->day))
                           : ui_text_f(ui, "back by %s", page_time(app, row->back_by_ms));
    bool place = row->place[0] != '\0';
    tile.words = ui_text_f(ui, "%s%s%s · %s", row->who[0] == '\0' ? "somebody" : row->who,
                           place ? ", " : "", place ? row->place : "", back);
    tile.badge = row->late ? "Not back" : "Out";
    tile.badge_tone = row->late ? TONE_LATE : TONE_INFO;
    return tile;
}

static void out_frame(struct app *app, void *state)
{
    struct out_state *s = state;
    struct rect page = page_begin(app, "Out");
    /* Read each frame: what is late turns so by the clock alone. */
    arena_begin(&s->arena, (size_t)8 * 1024 * 1024);
    s->failed =
        query_out(&app->store, app->now.wall_ms, &s->arena, &s->rows, &s->count, &s->why) != ERR_OK;
    if (s->failed) {
        page_fault(app, page, "The list could not be read", &s->why);
        return;
    }
    if (s->count == 0) {
        page_empty(app, page, ICON_CHECK, "Everything is in its place",
                   "What is taken out or lent stands here until it is back.");
        return;
    }
    int tapped = parts_tiles(app, page, "rows", s->rows, s->count, 1, out_tile);
    if (tapped >= 0)
        router_push(app, "item", &(struct route){ .item = s->rows[tapped].item.id });
}

const struct screen screen_out = {
    .id = "out",
    .state_size = sizeof(struct out_state),
    .frame = out_frame,
    .leave = out_leave,
};
