/* A copy of an assessment for a class, as it was signed: its state first, its difference from the model always. */
#include <string.h>

#include "app/screens/assessment_print.h"
#include "app/screens/recall.h"
#include "app/screens/versions.h"
#include "platform/base/str.h"

struct adaptation_state {
    uint64_t seen;
    struct query_when when;
    bool failed;
    struct why why;
    struct arena arena;
    struct adaptation_row row;
    struct sheet sheet;
    struct adapt_change *changes;
    size_t change_count;
    size_t versions;
    bool ticked[SHEET_STOPS_MAX];
};

static void adaptation_leave(struct app *app, void *state)
{
    (void)app;
    struct adaptation_state *s = state;
    arena_done(&s->arena);
}

static void adaptation_refresh(struct app *app, struct adaptation_state *s)
{
    bool stale = screen_stale(app, &s->seen);
    if (!parts_moved(app, &s->when, false) && !stale)
        return;
    arena_begin(&s->arena, (size_t)48 * 1024 * 1024);
    enum err rc = query_adaptation(&app->store, app->content, router_top(app)->route.event,
                                   app->today, &s->arena, &s->row, &s->why);
    if (rc == ERR_OK)
        rc = sheet_read_copy(app, &s->arena, &s->row.adaptation, &s->sheet, &s->why);
    if (rc == ERR_OK)
        rc = adapt_diff(&s->arena, s->row.adaptation.base, s->row.adaptation.mine, &s->changes,
                        &s->change_count, &s->why);
    s->failed = rc != ERR_OK;
    s->versions = s->failed ? 0 : versions_count(app, s->row.id);
}

static void adaptation_difference(struct app *app, struct ui_scroll *list,
                                  const struct adaptation_state *s)
{
    parts_head(app, list, "difference", "Difference from the model");
    if (s->change_count == 0)
        parts_words(app, list, "same", "None: the model as it stands, for this class.", TONE_MUTED);
    sheet_difference(app, list, s->changes, s->change_count);
    if (s->row.adaptation.note[0] != '\0')
        parts_line(app, list, "note", "Note", s->row.adaptation.note, TONE_PLAIN);
    ui_scroll_space(list, ui_gap(app->ui));
}

static void adaptation_steps(struct app *app, struct ui_scroll *list, void *state)
{
    struct adaptation_state *s = state;
    sheet_title(app, list, &s->sheet);
    adaptation_difference(app, list, s);
    versions_tile(app, list, s->row.id, s->versions);
    sheet_steps(app, list, &s->sheet);
}

static void adaptation_details(struct app *app, struct ui_scroll *list, void *state)
{
    struct adaptation_state *s = state;
    sheet_title(app, list, &s->sheet);
    adaptation_difference(app, list, s);
    versions_tile(app, list, s->row.id, s->versions);
    sheet_rest(app, list, &s->sheet, s->ticked);
}

/* ---- the first screen ---- */

static const char *adaptation_issued(struct app *app, const struct adaptation_row *row)
{
    struct ui *ui = app->ui;
    const char *text =
        ui_text_f(ui, "Signed by %s, %s", row->author_name, page_time(app, row->signed_ms));
    if (row->approver[0] != '\0')
        text = ui_text_f(ui, "%s · approved by %s, %s", text, row->approver_name,
                         page_time(app, row->approved_ms));
    if (row->adaptation.until != CALDATE_NONE)
        text = ui_text_f(ui, "%s · until %s", text, page_day(app, row->adaptation.until));
    if (ui_small(ui))
        return text;
    return ui_text_f(ui, "%s · model: %s, revision %d", text, row->adaptation.issuer,
                     row->adaptation.revision);
}

static const char *adaptation_differs(struct app *app, const struct adaptation_state *s)
{
    struct ui *ui = app->ui;
    if (s->change_count == 0)
        return "No difference from the model";
    const char *first = adapt_change_words(ui_arena(ui), &s->changes[0]);
    if (s->change_count == 1)
        return ui_text_f(ui, "1 difference from the model. %s", first);
    return ui_text_f(ui, "%zu differences from the model. %s; and %zu more", s->change_count, first,
                     s->change_count - 1);
}

static void adaptation_alerts(struct app *app, const struct adaptation_state *s, struct face *f)
{
    struct ui *ui = app->ui;
    const struct adaptation_row *row = &s->row;
    if (!adapt_state_usable(row->state)) {
        /* Over the do-nots: nothing on the page counts while it is not in force. */
        const char *draft = row->state == ADAPT_AWAITING ? "DRAFT. " : "";
        f->state_words = row->state == ADAPT_LOOK_AGAIN
                             ? "The model changed: do not use it, look again"
                             : ui_text_f(ui, "%s%s", draft, adapt_state_words(row->state));
    }
    sheet_alert_brief(f, "differs", FACE_PART_TODO, adaptation_differs(app, s),
                      s->change_count == 1
                          ? "1 difference from the model"
                          : ui_text_f(ui, "%zu differences from the model", s->change_count),
                      row->effect >= ADAPT_METHOD ? TONE_DUE : TONE_INFO);
    if (row->ended_by[0] != '\0')
        sheet_alert(f, "ended", FACE_PART_TODO,
                    ui_text_f(ui, "%s: %s", row->ended_by, row->ended_why), TONE_BAD);
    sheet_alert(f, "why", FACE_PART_TODO, row->state_why, TONE_BAD);
}

enum { COPY_STEPS, COPY_CHANGE, COPY_ANSWER, COPY_END, COPY_SUGGEST, COPY_PRINT, COPY_ACTS };

static size_t adaptation_actions(const struct adaptation_state *s, struct face_action *out,
                                 int *kinds)
{
    enum adapt_state state = s->row.state;
    bool waits = state == ADAPT_AWAITING;
    bool again = state == ADAPT_LOOK_AGAIN;
    bool lives = adapt_state_usable(state) || waits || again;
    const struct {
        struct face_action act;
        bool on;
    } all[COPY_ACTS] = {
        { { "steps", "Steps and the rest", "Steps", ICON_CHECKLIST }, true },
        { { "change", again ? "Look at it again" : "Change it", again ? "Again" : "Change",
            ICON_PENCIL },
          s->sheet.has_model },
        { { "answer", "Approve or decline", "Answer", ICON_CHECK }, waits },
        { { "end", "Withdraw it", "End", ICON_SKIP }, lives && !waits },
        { { "suggest", "Suggest a change", "Ask", ICON_ASK }, lives },
        { { "print", "Print", "Print", ICON_PRINT }, true },
    };
    size_t n = 0;
    for (int i = 0; i < COPY_ACTS; i++)
        if (all[i].on) {
            kinds[n] = i;
            out[n++] = all[i].act;
        }
    return n;
}

static void adaptation_act(struct app *app, const struct adaptation_state *s, int act)
{
    const struct adaptation_row *row = &s->row;
    struct route route = { .doc = row->adaptation.model, .event = row->event };
    switch (act) {
    case COPY_STEPS:
        router_push(app, "steps", &route);
        break;
    case COPY_CHANGE:
        router_push(app, row->state == ADAPT_LOOK_AGAIN ? "three_way" : "adapt", &route);
        break;
    case COPY_ANSWER:
        router_push(app, "approve", &route);
        break;
    case COPY_END:
        route.number = 1;
        router_push(app, "approve", &route);
        break;
    case COPY_SUGGEST:
        router_push(app, "suggest",
                    &(struct route){ .doc = row->adaptation.model, .item = row->id });
        break;
    case COPY_PRINT:
        sheet_print(app, &(struct sheet_print){ .sheet = &s->sheet,
                                                .copy = &row->adaptation,
                                                .copy_id = row->id,
                                                .signed_ms = row->signed_ms,
                                                .changes = s->changes,
                                                .change_count = s->change_count,
                                                .state = adapt_state_words(row->state),
                                                .draft = !adapt_state_usable(row->state),
                                                .ticked = s->ticked,
                                                .tick_count = SHEET_STOPS_MAX });
        break;
    default:
        break;
    }
}

static void adaptation_frame(struct app *app, void *state)
{
    struct adaptation_state *s = state;
    struct ui *ui = app->ui;
    struct face_action actions[COPY_ACTS];
    int kinds[COPY_ACTS];
    adaptation_refresh(app, s);
    const char *title = "Adapted assessment";
    if (!s->failed && s->row.adaptation.class_name[0] != '\0')
        title = ui_text_f(ui, "%s · %s", s->row.adaptation.class_name, s->row.adaptation.title);
    else if (!s->failed)
        title = s->row.adaptation.title;
    struct rect page = page_begin(app, title);
    if (s->failed) {
        page_fault(app, page, "This copy could not be read", &s->why);
        return;
    }
    bool banded = recall_band(app, &page, s->row.adaptation.model, s->sheet.doc.overrides);
    struct face f = { .steps = adaptation_steps,
                      .details = adaptation_details,
                      .state = s,
                      .actions = actions,
                      .route = { .doc = s->row.adaptation.model, .event = s->row.event },
                      .banded = banded };
    sheet_face(app, &s->sheet, &f);
    f.issued = adaptation_issued(app, &s->row);
    adaptation_alerts(app, s, &f);
    f.mode = ui_text_f(ui, "%s%s%s", s->row.adaptation.stage,
                       s->row.adaptation.stage[0] == '\0' ? "" : " · ", f.mode);
    f.action_count = adaptation_actions(s, actions, kinds);
    int tapped = face_draw(app, page, &f);
    if (tapped >= 0)
        adaptation_act(app, s, kinds[tapped]);
}

const struct screen screen_adaptation = {
    .id = "adaptation",
    .state_size = sizeof(struct adaptation_state),
    .frame = adaptation_frame,
    .leave = adaptation_leave,
};
