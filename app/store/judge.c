#include "app/store/judge.h"

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"
#include "app/store/project_rules.h"
#include "app/store/query_rows.h"

enum { FAILS_MAX = 100, CHAIN_MAX = 24, CLAMPED_FROM = 28 };

static void judge_start(struct judge *j, struct store *s, struct content *c,
                        const struct calendar *calendar, struct query_when when, bool all)
{
    *j = (struct judge){ .store = s, .content = c, .calendar = calendar, .when = when };
    /* Not read to its end before judge_end: as long, all the others see one state of the file, and none has to ask for its
       turn to read. */
    j->held = db_prepare(&s->db, "select id from item union all select ''");
    (void)db_step(&j->held);
    standing_rows_begin(&j->standing, s, when.today, all);
    stop_rows_begin(&j->stops, s, when, all);
    /* Passes and advices (1, 2) that count. A day after tomorrow comes from a wrong clock, and must
       not keep an item in date for years. */
    j->chain = db_prepare(
        &s->db, "select c.day, c.next_due, c.interval from check_row c where c.item = ?1"
                " and c.form = ?2 and c.day <= ?3 + 1 and c.outcome in (1, 2) and " CHECK_COUNTS(
                    "c") " order by c.day desc, c.hlc desc, c.device desc, c.seq desc");
    /* What stops the item comes first, so that no number of lesser faults can push it off the list.
       A pass from the future closes no fault. */
    j->fails = db_prepare(
        &s->db, "select c.event, c.form, c.title, c.reason, c.actor, c.fail_action, c.day,"
                " c.outcome from check_fail f cross join check_row c on c.event = f.event"
                " where f.item = ?1 and f.shut > ?2 + 1 order by c.outcome desc, c.day desc,"
                " c.hlc desc, c.device desc, c.seq desc limit 100");
    /* Where a thing is and in what state, whether the check that says so passed or not: by the record (?3) that is known to
       say so last, else to be found. */
    j->custody = db_prepare(
        &s->db,
        "select r.custody, r.who, r.place, r.day, r.back_by_ms from check_row r where r.rowid ="
        " coalesce((select k.rowid from check_row k where k.event = ?3), " CHECK_LATEST(
            "c.item = ?1 and c.custody <> '' and not " CHECK_VOID("c") " and not " CHECK_CORRECTED(
                "c"),
            "?2") ")");
    j->life = db_prepare(
        &s->db,
        "select r.life, r.day from check_row r where r.rowid = " CHECK_LATEST(
            "c.item = ?1 and c.life <> '' and c.outcome in (1, 2) and " CHECK_COUNTS("c"), "?2"));
}

void judge_begin(struct judge *j, struct store *s, struct content *c,
                 const struct calendar *calendar, struct query_when when)
{
    judge_start(j, s, c, calendar, when, false);
}

void judge_begin_all(struct judge *j, struct store *s, struct content *c,
                     const struct calendar *calendar, struct query_when when)
{
    judge_start(j, s, c, calendar, when, true);
}

enum err judge_end(struct judge *j, struct why *why)
{
    struct db_stmt *const all[] = { &j->held, &j->chain, &j->fails, &j->custody, &j->life };
    enum err rc = standing_rows_end(&j->standing, why);
    enum err stops = stop_rows_end(&j->stops, rc == ERR_OK ? why : NULL);

    rc = rc == ERR_OK ? stops : rc;
    for (size_t i = 0; i < COUNT_OF(all); i++) {
        enum err one = db_end(all[i], rc == ERR_OK ? why : NULL);

        rc = rc == ERR_OK ? one : rc;
    }
    if (rc == ERR_OK && j->no_room)
        rc = why_set(why, ERR_NOMEM, 0, "no room for the forms of a kind");
    return rc;
}

/* Whether a day is one that counts: not after tomorrow. */
static bool judge_by_now(const struct judge *j, int32_t day)
{
    return day <= (int64_t)j->when.today + 1;
}

/* What was last said of an item, on whatever day; NULL: nothing ever. */
static const struct standing_row *judge_said(struct judge *j, const char *item, const char *what)
{
    size_t count = 0;
    const struct standing_row *rows = standing_rows_of(&j->standing, STANDING_SAID, item, &count);

    for (size_t i = 0; i < count; i++)
        if (str_eq(rows[i].what, what))
            return &rows[i];
    return NULL;
}

/* Asks for all that counts of one form, the newest first. */
static void judge_chain(struct judge *j, const char *item, const char *form)
{
    db_again(&j->chain);
    db_bind_text(&j->chain, 1, item);
    db_bind_text(&j->chain, 2, form);
    db_bind_i64(&j->chain, 3, j->when.today);
}

/* Where clamped months chain (31 August, 28 February, 31 August), the day that the chain began on. */
static int32_t judge_first_day(struct judge *j, const char *item, const struct cycle *cycle)
{
    const int32_t last = cycle->last_day;
    int32_t first = last;
    int steps = 0;

    if (caldate_from_day(last).day < CLAMPED_FROM)
        return last;
    judge_chain(j, item, cycle->form);
    if (!db_step(&j->chain))
        return last;
    while (++steps <= CHAIN_MAX && db_step(&j->chain)) {
        int32_t day = (int32_t)db_i64(&j->chain, 0);

        if (day >= first)
            continue;
        if (schedule_chain(cycle->interval, day, steps) != last)
            break;
        first = day;
    }
    return first;
}

static struct cycle judge_never(const struct form_brief *form)
{
    return (struct cycle){
        .form = form->id,
        .title = form->title,
        .interval = form->interval,
        .basis = form->basis,
        .basis_text = form->basis_text,
        .last_day = CALDATE_NONE,
        .due_day = CALDATE_NONE,
        .in_session = form->in_session,
        .first_day = CALDATE_NONE,
        .competence = form->competence,
        .source = form->source,
        .edition = form->edition,
        .confidence = form->confidence,
        .moves = form->custody[0] != '\0',
    };
}

/* The newest record: its day, the date that was entered, and the interval that its answers set. */
static void judge_newest(struct judge *j, const struct standing_row *newest, const char *item,
                         const struct form_brief *form, struct arena *a, struct cycle *cycle)
{
    cycle->last_day = newest->day;
    cycle->due_day = newest->next_due;
    /* The answers may have set another interval than the form's usual one. */
    if (form->interval_from[0] != '\0' && newest->value[0] != '\0')
        cycle->interval = arena_strdup(a, newest->value);
    if (cycle->interval != NULL)
        cycle->first_day = judge_first_day(j, item, cycle);
}

/* A row of check_last, as a form's cycle; by a wrong clock's it is the newest before that counts. */
static void judge_row(struct judge *j, const struct standing_row *last, const char *item,
                      const struct form_brief *form, struct arena *a, struct cycle *cycle)
{
    struct standing_row before = { .value = "" };

    if (judge_by_now(j, last->day)) {
        judge_newest(j, last, item, form, a, cycle);
        return;
    }
    judge_chain(j, item, form->id);
    if (!db_step(&j->chain))
        return;
    before.day = (int32_t)db_i64(&j->chain, 0);
    before.next_due = (int32_t)db_i64(&j->chain, 1);
    before.value = db_text_in(&j->chain, 2, a);
    judge_newest(j, &before, item, form, a, cycle);
}

/* The cycles of an item by all these forms. */
static void judge_own(struct judge *j, const char *item, const struct form_brief *const *forms,
                      size_t count, struct cycle *own, struct arena *a)
{
    size_t row_count = 0;
    const struct standing_row *rows =
        standing_rows_of(&j->standing, STANDING_LAST, item, &row_count);

    for (size_t i = 0; i < count; i++)
        own[i] = judge_never(forms[i]);
    for (size_t r = 0; r < row_count; r++)
        for (size_t i = 0; i < count; i++)
            if (str_eq(forms[i]->id, rows[r].what))
                judge_row(j, &rows[r], item, forms[i], a, &own[i]);
}

/* Whether a pass of one form serves for the other: an inspection and test holds the inspection. */
static bool serves_for(const struct form_brief *one, const struct form_brief *other)
{
    return one != other && form_has_word(one->counts_as, other->id);
}

/* The later of a form's own pass and one that served for it. An entered date is its own form's alone,
   since nobody entered one with the other. */
static void judge_served(const struct form_brief *const *forms, const struct cycle *own,
                         struct cycle *cycles, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < count; k++) {
            if (!serves_for(forms[k], forms[i]) || own[k].last_day <= cycles[i].last_day ||
                own[i].due_day != CALDATE_NONE)
                continue;
            cycles[i].last_day = own[k].last_day;
            cycles[i].first_day = own[k].last_day;
            cycles[i].served_by = own[k].title;
        }
}

static void judge_cycles(struct judge *j, const struct item *item, struct arena *a,
                         struct status_facts *f)
{
    size_t count = 0;
    const struct form_brief *const *forms =
        j->content == NULL ? NULL : content_forms_for(j->content, item->kind, &count);
    struct cycle *own = arena_array(a, count + 1, sizeof *own);
    struct cycle *cycles = arena_array(a, count + 1, sizeof *cycles);

    j->no_room = j->no_room || (j->content != NULL && forms == NULL);
    if (own == NULL || cycles == NULL)
        return; /* the arena's failed flag tells */
    judge_own(j, item->id, forms, count, own, a);
    for (size_t i = 0; i < count; i++)
        cycles[i] = own[i];
    judge_served(forms, own, cycles, count);
    f->cycles = cycles;
    f->cycle_count = count;
}

static void judge_fails(struct judge *j, const struct item *item, struct arena *a,
                        struct status_facts *f)
{
    struct open_fail *fails = NULL;
    struct open_fail *faults = NULL;
    size_t any = 0;

    /* As a rule there is none, and nothing to be put in order. */
    if (standing_rows_of(&j->standing, STANDING_FAILS, item->id, &any) == NULL)
        return;
    db_again(&j->fails);
    db_bind_text(&j->fails, 1, item->id);
    db_bind_i64(&j->fails, 2, j->when.today);
    while (f->fail_count + f->fault_count < FAILS_MAX && db_step(&j->fails)) {
        bool stops = db_i64(&j->fails, 7) == OUTCOME_QUARANTINE;
        struct open_fail **list = stops ? &fails : &faults;
        size_t *count = stops ? &f->fail_count : &f->fault_count;

        if (*list == NULL)
            *list = arena_array(a, FAILS_MAX, sizeof **list);
        if (*list == NULL)
            break;
        (*list)[(*count)++] = (struct open_fail){
            .event = db_text_in(&j->fails, 0, a),
            .form = db_text_in(&j->fails, 1, a),
            .title = db_text_in(&j->fails, 2, a),
            .reason = db_text_in(&j->fails, 3, a),
            .actor = db_text_in(&j->fails, 4, a),
            .fail_action = db_text_in(&j->fails, 5, a),
            .day = (int32_t)db_i64(&j->fails, 6),
        };
    }
    f->fails = fails;
    f->faults = faults;
}

/* A culture whose destruction failed is still alive, so a stage has to have passed. */
static void judge_life(struct judge *j, const struct item *item, struct arena *a,
                       struct status_facts *f)
{
    const struct kind *kind = j->content == NULL ? NULL : content_kind(j->content, item->kind);
    const struct standing_row *said;

    f->life_kind = kind != NULL && kind->ends[0] != '\0';
    if (!f->life_kind)
        return;
    said = judge_said(j, item->id, "life");
    if (said == NULL)
        return;
    if (judge_by_now(j, said->day)) {
        const char *stage = arena_strdup(a, said->value);
        f->life = stage == NULL ? "" : stage; /* the arena's failed flag tells */
        f->life_day = said->day;
    } else {
        db_again(&j->life);
        db_bind_text(&j->life, 1, item->id);
        db_bind_i64(&j->life, 2, j->when.today);
        if (!db_step(&j->life))
            return;
        f->life = db_text_in(&j->life, 0, a);
        f->life_day = (int32_t)db_i64(&j->life, 1);
    }
    f->life_ended = str_eq(f->life, kind->ends);
}

static const char *judge_who(struct judge *j, const char *who, struct arena *a)
{
    struct judge_name *n = &j->names[j->name_count];
    const char *name;

    for (size_t i = 0; i < j->name_count; i++)
        if (str_eq(j->names[i].id, who))
            return arena_strdup(a, j->names[i].name);
    name = query_who(j->store, who, a);
    if (name != NULL && j->name_count < JUDGE_NAMES_MAX && str_copy(n->id, sizeof n->id, who) &&
        str_copy(n->name, sizeof n->name, name))
        j->name_count++;
    return name;
}

static void judge_custody(struct judge *j, const struct item *item, struct arena *a,
                          struct status_facts *f)
{
    const struct standing_row *said = judge_said(j, item->id, "custody");
    const bool known = said != NULL && judge_by_now(j, said->day);

    if (said == NULL || (known && !str_eq(said->value, "out")))
        return;
    db_again(&j->custody);
    db_bind_text(&j->custody, 1, item->id);
    db_bind_i64(&j->custody, 2, j->when.today);
    db_bind_text(&j->custody, 3, known ? said->event : "");
    if (!db_step(&j->custody) || !str_eq(db_text(&j->custody, 0), "out"))
        return;
    f->out = true;
    f->out_who = judge_who(j, db_text(&j->custody, 1), a);
    f->out_place = db_text_in(&j->custody, 2, a);
    f->out_day = (int32_t)db_i64(&j->custody, 3);
    f->back_by_ms = db_i64(&j->custody, 4);
}

/* As a check answered it last, else as the register has it. */
static int32_t judge_use_by(struct judge *j, const struct item *item)
{
    const struct standing_row *said = judge_said(j, item->id, "use_by");
    char iso[CALDATE_TEXT] = "";
    int32_t day = CALDATE_NONE;
    size_t count = 0;

    if (said == NULL)
        said = standing_rows_of(&j->standing, STANDING_DATED, item->event, &count);
    if (said != NULL)
        (void)str_copy(iso, sizeof iso, said->value);
    /* Nobody can say that a date that cannot be read is still to come. */
    if (iso[0] != '\0' && !caldate_parse(iso, &day))
        return STATUS_USE_BY_UNKNOWN;
    return day;
}

struct status judge_item(struct judge *j, const struct item *item, struct arena *a)
{
    struct status_facts f = {
        .retired = item->retired,
        .lost = item->lost,
        .retired_why = item->retired_why,
        .calendar = j->calendar,
        .life = "",
        .life_day = CALDATE_NONE,
        .out_who = "",
        .out_place = "",
        .out_day = CALDATE_NONE,
        .clock_untrusted = j->when.clock_untrusted,
        .checks_unknown = content_is_lost(j->content),
        .today = j->when.today,
        .minutes = j->when.minutes,
    };

    standing_rows_one(&j->standing, STANDING_LAST, item->id);
    standing_rows_one(&j->standing, STANDING_FAILS, item->id);
    standing_rows_one(&j->standing, STANDING_SAID, item->id);
    standing_rows_one(&j->standing, STANDING_DATED, item->event);
    judge_cycles(j, item, a, &f);
    judge_fails(j, item, a, &f);
    judge_life(j, item, a, &f);
    judge_custody(j, item, a, &f);
    f.stops = stop_rows_hits(&j->stops, item, a, &f.stop_count);
    f.use_by = judge_use_by(j, item);
    return status_judge(a, &f);
}

void judge_calibration(struct judge *j, const char *item, const struct form_brief *form,
                       int32_t *out_day, int32_t *out_due)
{
    struct arena a;
    struct cycle c;

    arena_init(&a, (size_t)64 * 1024);
    standing_rows_one(&j->standing, STANDING_LAST, item);
    judge_own(j, item, &form, 1, &c, &a);
    *out_day = c.last_day;
    *out_due = schedule_due(c.interval, c.in_session, c.basis, c.last_day, c.due_day, NULL).lawful;
    arena_done(&a);
}
