#include "app/screens/duty.h"

#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/alarms.h"
#include "app/screens/board.h"
#include "app/screens/training.h"
#include "app/store/letters.h"
#include "app/store/mine.h"
#include "app/store/reading.h"
#include "platform/base/str.h"

const struct duty duties[DUTIES] = {
    { "d1",
      "Prep room risks",
      "Risk assessments of what technicians do in the prep room.",
      "Prep room assessments",
      ICON_FLASK,
      "prep",
      { .number = 0 } },
    { "d2",
      "Help teachers assess",
      "Suggestions on class assessments, and copies that wait.",
      "Assessments of classes",
      ICON_PEOPLE,
      "adaptations",
      { .number = 0 } },
    { "d3",
      "Employer's guidance",
      "What changed and is still to be read.",
      "Guidance",
      ICON_BOOK,
      "find",
      { .text = "guidance" } },
    { "d4",
      "Keep up with the law",
      "Bulletins and changes of the law, considered one by one.",
      "Bulletins and law",
      ICON_BELL,
      "board",
      { .number = 0 } },
    { "d5",
      "Check equipment",
      "Electrical, pressure, extraction, machines: each by its rule.",
      "Checks due",
      ICON_CHECKLIST,
      "due",
      { .number = 0 } },
    { "d6",
      "Leak-test sources",
      "Radioactive sources: leak tests, counts, out and in.",
      "Radioactive sources",
      ICON_RADIOACTIVE,
      "lab_list",
      { .text = "sources" } },
    { "d7",
      "Prepare cultures",
      "Each culture from its arrival to its destruction.",
      "Cultures",
      ICON_TUBE,
      "lab_list",
      { .text = "cultures" } },
    { "d8",
      "Liaise with SSERC",
      "Questions asked, and the answers we got.",
      "Questions",
      ICON_ASK,
      "letters",
      { .number = 0 } },
    { "d9",
      "Keep training in date",
      "Courses, certificates, and when they run out.",
      "My training",
      ICON_SCHOOL,
      "training",
      { .number = 0 } },
};

enum { D1, D2, D3, D4, D5, D6, D7, D8, D9 };

/* Which duty a check belongs to, by the first letters of its form: those of radiation and of microbiology have their own. */
static size_t duty_of_form(const char *form)
{
    if (str_starts(form, "ra-"))
        return D6;
    return str_starts(form, "mb-") ? D7 : D5;
}

static void duty_checks(struct app *app, struct arena *a, struct duty_facts *out)
{
    struct due_ask ask = { .when = parts_when(app),
                           .lists = 1u << LIST_NOW,
                           .term_time = parts_term_time(app) };
    struct due_row *rows = NULL;
    size_t count = 0;
    const char *last[DUTIES] = { 0 };
    const char *last_late[DUTIES] = { 0 };
    if (query_due(&app->store, app->content, &ask, a, &rows, &count, NULL) != ERR_OK)
        return;
    /* An item that needs three checks is one place to go to, as the list has it. */
    for (size_t i = 0; i < count; i++) {
        size_t d = duty_of_form(rows[i].form);
        enum cycle_state state = rows[i].status.state;
        bool late = state == CYCLE_OVERDUE || state == CYCLE_FAULT || state == CYCLE_FAILED;
        out->due[d] += last[d] == NULL || !str_eq(last[d], rows[i].item.id) ? 1 : 0;
        last[d] = rows[i].item.id;
        if (late && (last_late[d] == NULL || !str_eq(last_late[d], rows[i].item.id))) {
            out->late[d]++;
            last_late[d] = rows[i].item.id;
        }
    }
}

static void duty_assessments(struct app *app, struct arena *a, struct duty_facts *out)
{
    struct adaptation_ask ask = { .today = app->today };
    struct adaptation_row *rows = NULL;
    struct suggested *open = NULL;
    size_t count = 0;
    if (query_adaptations(&app->store, app->content, &ask, a, &rows, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        enum adapt_state state = rows[i].state;
        if (state == ADAPT_AWAITING || state == ADAPT_LOOK_AGAIN || state == ADAPT_REVIEW_DUE)
            out->due[rows[i].prep ? D1 : D2]++;
        if (state == ADAPT_LOOK_AGAIN)
            out->late[rows[i].prep ? D1 : D2]++;
    }
    if (query_suggestions(&app->store, "", true, a, &open, &count, NULL) == ERR_OK)
        out->due[D2] += count;
}

static void duty_training(struct app *app, struct arena *a, struct duty_facts *out)
{
    struct training_list list;
    size_t soon = 0;
    size_t gone = 0;
    if (training_read(app, a, &list, NULL) != ERR_OK)
        return;
    training_due(&list, app->today, &soon, &gone);
    out->due[D9] = soon + gone;
    out->late[D9] = gone;
}

void duty_read(struct app *app, struct arena *a, struct duty_facts *out)
{
    struct alarms alarms;
    struct to_read *unread = NULL;
    *out = (struct duty_facts){ .person = session_in(&app->session) };
    duty_checks(app, a, out);
    duty_assessments(app, a, out);
    alarms_read(app, a, &alarms);
    out->due[D6] += alarms.out;
    out->late[D6] += alarms.late;
    out->due[D4] = board_news(app);
    if (query_unread(&app->store, "", &out->due[D8], NULL) != ERR_OK)
        out->due[D8] = 0;
    if (!out->person)
        return;
    if (query_to_read(&app->store, app->content, app->session.person, a, &unread, &out->due[D3],
                      NULL) != ERR_OK)
        out->due[D3] = 0;
    duty_training(app, a, out);
}

const char *duty_badge(struct app *app, const struct duty_facts *facts, size_t duty)
{
    static const char *const one[DUTIES] = { "to do", "to answer",     "to read",
                                             "new",   "due",           "due",
                                             "due",   "answer to see", "runs out" };
    static const char *const many[DUTIES] = { "to do",  "to answer", "to read", "new",
                                              "due",    "due",       "due",     "answers to see",
                                              "run out" };
    size_t due = facts->due[duty];
    if (due == 0)
        return NULL;
    if (facts->late[duty] > 0)
        return ui_text_f(app->ui, "%zu late", facts->late[duty]);
    return ui_text_f(app->ui, "%zu %s", due, due == 1 ? one[duty] : many[duty]);
}

/* ---- what was done ---- */

struct duty_list {
    struct duty_entry *rows;
    size_t count;
    int32_t since;
    struct arena *a;
};

static void log_add(struct duty_list *l, struct duty_entry e)
{
    if (e.day < l->since || l->count == DUTY_LOG_MAX)
        return;
    e.person = e.person == NULL ? "" : e.person;
    l->rows[l->count++] = e;
}

static enum err log_checks(struct app *app, size_t duty, struct duty_list *l, struct why *why)
{
    struct past_check *rows = NULL;
    size_t count = 0;
    enum err rc = query_recent(&app->store, l->since, l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct item item;
        bool known = query_item(&app->store, rows[i].item, l->a, &item, NULL) == ERR_OK;
        if (duty_of_form(rows[i].form) != duty || rows[i].withdrawn)
            continue;
        log_add(l, (struct duty_entry){ .day = rows[i].day,
                                        .at_ms = rows[i].at_ms,
                                        .what = arena_printf(l->a, "%s · %s %s", rows[i].title,
                                                             known ? item.name : "",
                                                             known ? item.label : ""),
                                        .words = page_outcome_word(rows[i].outcome),
                                        .person = rows[i].person });
    }
    return rc;
}

static int32_t log_day(int64_t ms)
{
    return caldate_london(ms, &(int){ 0 });
}

static enum err log_assessments(struct app *app, bool prep, struct duty_list *l, struct why *why)
{
    struct adaptation_ask ask = { .today = app->today, .past = true };
    struct adaptation_row *rows = NULL;
    struct suggested *said = NULL;
    size_t count = 0;
    enum err rc = query_adaptations(&app->store, app->content, &ask, l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        if (rows[i].prep == prep)
            log_add(l, (struct duty_entry){ .day = log_day(rows[i].signed_ms),
                                            .at_ms = rows[i].signed_ms,
                                            .what = rows[i].adaptation.title,
                                            .words = adapt_state_words(rows[i].state),
                                            .person = rows[i].author });
    if (rc == ERR_OK && !prep)
        rc = query_suggestions(&app->store, "", false, l->a, &said, &count, why);
    for (size_t i = 0; rc == ERR_OK && !prep && i < count; i++)
        log_add(l,
                (struct duty_entry){ .day = log_day(said[i].at_ms),
                                     .at_ms = said[i].at_ms,
                                     .what = arena_printf(l->a, "Suggestion: %s", said[i].text),
                                     .words = said[i].state == SUGGESTION_OPEN       ? "Open"
                                              : said[i].state == SUGGESTION_ACCEPTED ? "Accepted"
                                                                                     : "Declined",
                                     .person = said[i].author });
    return rc;
}

static const char *mark_words(enum considered mark)
{
    switch (mark) {
    case CONSIDERED_NOT:
        break;
    case CONSIDERED_NO_CHANGE:
        return "Considered: no change";
    case CONSIDERED_CHANGED:
        return "Considered: changed";
    case CONSIDERED_ASK:
        return "Considered: to ask";
    }
    return "";
}

static enum err log_considered(struct app *app, struct duty_list *l, struct why *why)
{
    struct considered_row *rows = NULL;
    size_t count = 0;
    enum err rc = query_considered_all(&app->store, "", l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct doc d;
        bool known = content_doc(app->content, rows[i].doc, l->a, &d, NULL) == ERR_OK;
        log_add(l, (struct duty_entry){
                       .day = log_day(rows[i].at_ms),
                       .at_ms = rows[i].at_ms,
                       .what = arena_printf(l->a, "%s%s%s", known ? d.title : rows[i].doc,
                                            rows[i].note[0] == '\0' ? "" : " · ", rows[i].note),
                       .words = mark_words(rows[i].mark),
                       .person = rows[i].person });
    }
    return rc;
}

static enum err log_letters(struct app *app, struct duty_list *l, struct why *why)
{
    struct letters_ask ask = { .person = "", .about = "", .form = "" };
    struct letter *rows = NULL;
    size_t count = 0;
    enum err rc = query_letters(&app->store, &ask, l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++)
        log_add(l, (struct duty_entry){ .day = rows[i].day,
                                        .at_ms = rows[i].at_ms,
                                        .what = rows[i].question[0] == '\0' ? rows[i].title
                                                                            : rows[i].question,
                                        .words = letter_state_words(rows[i].state),
                                        .person = rows[i].person });
    return rc;
}

static enum err log_training(struct app *app, struct duty_list *l, struct why *why)
{
    struct mine_row *rows = NULL;
    size_t count = 0;
    if (!session_in(&app->session))
        return ERR_OK;
    enum err rc =
        mine_list(&app->store, app->session.person, MINE_TRAINING, l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        int32_t day = CALDATE_NONE;
        if (caldate_parse(mine_value(&rows[i], "date"), &day))
            log_add(l,
                    (struct duty_entry){ .day = day,
                                         .at_ms = rows[i].made_ms,
                                         .what = arena_strdup(l->a, training_title(app, &rows[i])),
                                         .words = mine_value(&rows[i], "certificate"),
                                         .person = app->session.person });
    }
    return rc;
}

static enum err log_read(struct app *app, struct duty_list *l, struct why *why)
{
    struct read_row *rows = NULL;
    size_t count = 0;
    if (!session_in(&app->session))
        return ERR_OK;
    enum err rc = query_read_by(&app->store, app->session.person, l->a, &rows, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < count; i++) {
        struct doc d;
        bool known = content_doc(app->content, rows[i].doc, l->a, &d, NULL) == ERR_OK;
        log_add(l, (struct duty_entry){
                       .day = log_day(rows[i].at_ms),
                       .at_ms = rows[i].at_ms,
                       .what = known ? d.title : rows[i].doc,
                       .words = arena_printf(l->a, "Read, revision %d", rows[i].revision),
                       .person = app->session.person });
    }
    return rc;
}

static int entry_later(const void *left, const void *right)
{
    const struct duty_entry *x = left;
    const struct duty_entry *y = right;
    if (x->day != y->day)
        return x->day < y->day ? 1 : -1;
    return x->at_ms < y->at_ms ? 1 : x->at_ms > y->at_ms ? -1 : 0;
}

enum err duty_log(struct app *app, size_t duty, int32_t since_day, struct arena *a,
                  struct duty_entry **out, size_t *out_count, struct why *why)
{
    struct duty_list l = { .since = since_day, .a = a };
    enum err rc = ERR_OK;
    l.rows = arena_array(a, DUTY_LOG_MAX, sizeof *l.rows);
    if (l.rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the log");
    switch (duty) {
    case D1:
    case D2:
        rc = log_assessments(app, duty == D1, &l, why);
        break;
    case D3:
        rc = log_read(app, &l, why);
        break;
    case D4:
        rc = log_considered(app, &l, why);
        break;
    case D8:
        rc = log_letters(app, &l, why);
        break;
    case D9:
        rc = log_training(app, &l, why);
        break;
    default:
        rc = log_checks(app, duty, &l, why);
        break;
    }
    if (rc != ERR_OK)
        return rc;
    qsort(l.rows, l.count, sizeof *l.rows, entry_later);
    *out = l.rows;
    *out_count = l.count;
    return ERR_OK;
}
