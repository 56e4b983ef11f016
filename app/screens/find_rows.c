/* What was found, in rows: the title with the sought words in bold, and under it for whom it is and whether it holds. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/doc_open.h"
#include "app/screens/find.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

enum { RUNS_MAX = 2 * FIND_SPANS_MAX + 1 };

/* Where a stage stands: the next one of the same row follows it. */
static int find_stage_place(const char *stage, size_t len)
{
    static const char *const all[] = { "S1", "S2", "S3", "", "N3", "N4", "N5", "", "H", "AH" };
    for (size_t i = 0; i < COUNT_OF(all); i++)
        if (strlen(all[i]) == len && len > 0 && memcmp(all[i], stage, len) == 0)
            return (int)i;
    return -2;
}

/* "S1–S3, N5" of "S1 S2 S3 N5". */
static const char *find_stages(struct app *app, const char *stages)
{
    const char *out = "";
    while (*stages != '\0') {
        size_t len = strcspn(stages, " ");
        const char *last = stages;
        size_t last_len = len;
        int place = find_stage_place(stages, len);
        int many = 1;
        const char *at = stages + len;
        for (;;) {
            at += strspn(at, " ");
            size_t next = strcspn(at, " ");
            if (next == 0 || place < 0 || find_stage_place(at, next) != place + many)
                break;
            last = at;
            last_len = next;
            many++;
            at += next;
        }
        const char *comma = out[0] == '\0' ? "" : ", ";
        if (many == 1)
            out = ui_text_f(app->ui, "%s%s%.*s", out, comma, (int)len, stages);
        else
            out = ui_text_f(app->ui, "%s%s%.*s%s%.*s", out, comma, (int)len, stages,
                            many == 2 ? ", " : "–", (int)last_len, last);
        stages = at;
    }
    return out;
}

/* Whether it still holds, in words; "" when nothing says. */
static const char *find_holds(struct app *app, const struct doc_head *h)
{
    if (h->withdrawn)
        return "withdrawn";
    if (h->hide_after != CALDATE_NONE && h->hide_after < app->today)
        return "past";
    if (h->stale_after != CALDATE_NONE && h->stale_after < app->today)
        return "may have changed";
    if (h->review_on != CALDATE_NONE && h->review_on < app->today)
        return "review due";
    return h->review_on != CALDATE_NONE || h->stale_after != CALDATE_NONE ? "in date" : "";
}

static const char *find_joined(struct app *app, const char *const *parts, size_t count)
{
    const char *out = "";
    for (size_t i = 0; i < count; i++)
        if (parts[i] != NULL && parts[i][0] != '\0')
            out = out[0] == '\0' ? parts[i] : ui_text_f(app->ui, "%s · %s", out, parts[i]);
    return out;
}

static const char *find_words(struct app *app, const struct find_state *s,
                              const struct doc_hit *hit)
{
    const char *const parts[] = {
        str_eq(hit->kind, s->kind) ? "" : find_kind_title(hit->kind),
        find_stages(app, hit->stages),
        hit->subjects,
        str_eq(hit->head.mode, "demonstration") ? "demonstration" : "",
        find_holds(app, &hit->head),
    };
    return find_joined(app, parts, COUNT_OF(parts));
}

/* A text cut where the sought words stand. */
static struct ui_run *find_runs(struct app *app, const char *text, const struct find_span *bold,
                                size_t bold_count, enum ui_tone tone, size_t *out_count)
{
    struct ui_run *runs = arena_array(ui_arena(app->ui), RUNS_MAX, sizeof *runs);
    size_t count = 0;
    size_t at = 0;
    *out_count = 0;
    if (runs == NULL)
        return NULL;
    for (size_t i = 0; i < bold_count; i++) {
        if (bold[i].from > at)
            runs[count++] = (struct ui_run){
                .text = text + at, .len = bold[i].from - at, .font = FONT_REGULAR, .tone = tone
            };
        runs[count++] = (struct ui_run){ .text = text + bold[i].from,
                                         .len = bold[i].to - bold[i].from,
                                         .font = FONT_BOLD,
                                         .tone = tone };
        at = bold[i].to;
    }
    if (text[at] != '\0')
        runs[count++] = (struct ui_run){
            .text = text + at, .len = strlen(text + at), .font = FONT_REGULAR, .tone = tone
        };
    *out_count = count;
    return runs;
}

/* The piece of the text that has the words, without its marks, and where they stood. */
static const char *find_snippet(struct app *app, const char *snippet, struct find_span *out_span,
                                bool *out_some)
{
    const char *open = strstr(snippet, "«");
    const char *close = open == NULL ? NULL : strstr(open, "»");
    *out_some = close != NULL;
    if (close == NULL)
        return snippet;
    size_t mark = strlen("«");
    out_span->from = (size_t)(open - snippet);
    out_span->to = (size_t)(close - snippet) - mark;
    return ui_text_f(app->ui, "%.*s%.*s%s", (int)(open - snippet), snippet,
                     (int)(close - open - (ptrdiff_t)mark), open + mark, close + mark);
}

static struct ui_tile find_tile(struct app *app, const struct find_state *s,
                                const struct doc_hit *hit)
{
    struct ui_tile t = { .id = hit->id, .title = hit->title };
    bool stoppable = str_eq(hit->kind, "assessment") || str_eq(hit->kind, "chemical");
    if (stoppable && recall_stops(app, hit->id, hit->head.overrides) != NULL) {
        t.badge = "Stopped";
        t.badge_tone = TONE_BAD;
        t.icon = ICON_CROSS;
    }
    if (s->words[0] != '\0')
        t.title_runs =
            find_runs(app, hit->title, hit->bold, hit->bold_count, TONE_PLAIN, &t.title_run_count);
    if (page_cramped(app))
        return t;
    t.words = find_words(app, s, hit);
    if (hit->snippet[0] != '\0') {
        struct find_span span = { 0 };
        bool some = false;
        t.words = find_snippet(app, hit->snippet, &span, &some);
        t.words_runs = find_runs(app, t.words, &span, some ? 1 : 0, TONE_MUTED, &t.words_run_count);
    }
    if (t.words[0] == '\0')
        t.words = hit->summary;
    return t;
}

static void find_open(struct app *app, const struct find_state *s, const struct doc_hit *hit)
{
    /* Whoever typed a strength means it. */
    if (str_eq(hit->kind, "chemical") && s->conc[0] != '\0')
        router_push(app, "chemical", &(struct route){ .doc = hit->id, .text = s->conc });
    else
        doc_open(app, hit->id);
}

static void find_hits(struct app *app, const struct find_state *s, struct ui_scroll *list,
                      const struct doc_hit *hits, size_t count, int columns)
{
    struct ui *ui = app->ui;
    int gap = ui_gap(ui);
    int width = (list->view.w - gap * (columns - 1)) / columns;
    for (size_t from = 0; from < count; from += (size_t)columns) {
        size_t to = count - from < (size_t)columns ? count : from + (size_t)columns;
        struct ui_tile tiles[2];
        int h = page_target(app);
        for (size_t i = from; i < to; i++) {
            tiles[i - from] = find_tile(app, s, &hits[i]);
            int need = ui_tile_height(ui, width, &tiles[i - from]);
            h = need > h ? need : h;
        }
        struct rect line = ui_scroll_row(list, h);
        for (size_t i = from; i < to; i++) {
            struct rect r = ui_col(line, (int)(i - from), columns, gap);
            if (ui_scroll_visible(list, r)) {
                if (ui_tile(ui, r, &tiles[i - from]))
                    find_open(app, s, &hits[i]);
            } else {
                (void)ui_touch(ui, r, hits[i].id, hits[i].title);
            }
        }
        ui_scroll_space(list, gap);
    }
}

void find_list(struct app *app, struct find_state *s, struct rect page)
{
    struct ui *ui = app->ui;
    bool narrow = ui_portrait(ui) || app->opt.large || (ui_small(ui) && !page_cramped(app));
    int columns = narrow ? 1 : 2;
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    if (s->words[0] == '\0' && parts_news_row(app, &list))
        router_push(app, "edition_news", NULL);
    find_hits(app, s, &list, s->hits, s->count, columns);
    if (s->other_count > 0 && !page_cramped(app))
        parts_head(app, &list, "others", s->count == 0 ? "Of other kinds" : "Also of other kinds");
    find_hits(app, s, &list, s->others, s->other_count, columns);
    if (s->item_count > 0 && !page_cramped(app))
        parts_head(app, &list, "items", "In the register");
    for (size_t i = 0; i < s->item_count; i++) {
        struct ui_tile t = parts_item(app, &s->items[i]);
        if (parts_row(app, &list, &t))
            router_push(app, "item", &(struct route){ .item = s->items[i].id });
    }
    ui_scroll_end(ui, &list);
}
