#include "app/domain/status_parts.h"

/* The paragraphs of «Why?»: a rule, the facts it was held against, and the next step, for every
   cause. */

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "app/domain/fail_action.h"
#include "app/domain/schedule.h"
#include "platform/base/str.h"

enum { PARAGRAPH_MAX = 3000 };

/* The cycle that the status speaks of; NULL when it speaks of none. */
static const struct cycle_status *status_deciding(const struct status *s)
{
    switch (s->cause) {
    case CAUSE_STOP:
        return status_stopping(s);
    case CAUSE_FAIL:
        return status_first(s, CYCLE_FAILED);
    case CAUSE_FAULT:
        return status_first(s, CYCLE_FAULT);
    case CAUSE_OVERDUE:
        return status_first(s, CYCLE_OVERDUE);
    case CAUSE_NEVER:
        return status_first(s, CYCLE_NEVER);
    case CAUSE_FIRST_USE:
        return status_first(s, CYCLE_FIRST_USE);
    case CAUSE_DUE:
        return status_first(s, CYCLE_DUE);
    case CAUSE_EACH_USE:
        return status_wanting(s);
    case CAUSE_CLOCK:
    case CAUSE_OUT:
    case CAUSE_OK:
        return s->cycle_count > 0 ? &s->cycles[0] : NULL;
    case CAUSE_MEMORY:
    case CAUSE_UNKNOWN:
    case CAUSE_RECALL:
    case CAUSE_LOST:
    case CAUSE_RETIRED:
    case CAUSE_ENDED:
    case CAUSE_USE_BY:
    case CAUSE_NOT_BACK:
    case CAUSE_LIVE:
    case CAUSE_USE_BY_SOON:
    case CAUSE_NO_CHECKS:
        break;
    }
    return NULL;
}

static const char *basis_sentence(enum form_basis basis)
{
    switch (basis) {
    case BASIS_LAW:
        return "The law sets this interval; a school may not lengthen it.";
    case BASIS_SCHEME:
        return "A document that the law asks for sets this interval; only a change of that "
               "document changes it.";
    case BASIS_ACOP:
        return "An approved code of practice gives this interval; a longer one needs the adviser's "
               "recorded reason.";
    case BASIS_GUIDE:
        return "Published guidance gives this interval; a risk assessment may change it.";
    case BASIS_PRACTICE:
        return "This interval is good practice in prep rooms; the school may choose its own.";
    case BASIS_NONE:
        break;
    }
    return "";
}

/* A sentence after what stands, with a full stop and one space between. */
static void say(struct buf *text, const char *sentence)
{
    if (sentence == NULL || *sentence == '\0')
        return;
    if (text->len > 0)
        buf_char(text, ' ');
    buf_str(text, sentence);
    if (!str_ends(sentence, ".") && !str_ends(sentence, "!") && !str_ends(sentence, "?"))
        buf_char(text, '.');
}

/* Of very much text the first that fits is told. */
static const char *said(struct arena *a, struct buf *text)
{
    const char *out = text->len > 0 ? arena_strndup(a, text->data, text->len) : "";

    buf_free(text);
    return status_kept(out);
}

/* ---- the rule ---- */

/* Where the figure stands: the source and its edition, and whether anybody has confirmed it. */
static void rule_source(struct arena *a, struct buf *text, const struct cycle *cycle)
{
    const char *source = status_text_or(cycle->source, "");
    const char *edition = status_text_or(cycle->edition, "");
    const char *basis = status_text_or(cycle->basis_text, "");

    if (*source == '\0') {
        source = basis;
        basis = "";
    }
    say(text, basis);
    if (*source != '\0' && *edition != '\0')
        say(text, arena_printf(a, "Source: %s, edition: %s", source, edition));
    else if (*source != '\0')
        say(text, arena_printf(a, "Source: %s", source));
    if (str_eq(cycle->confidence, "verify"))
        say(text, "To verify: nobody has confirmed this figure against its source yet.");
    else if (str_eq(cycle->confidence, "likely"))
        say(text, "Likely: a common default that the employer may have set otherwise.");
}

static void rule_cycle(struct arena *a, struct buf *text, const struct cycle *cycle)
{
    say(text,
        arena_printf(a, "%s: %s", status_title(cycle), status_interval_text(a, cycle->interval)));
    if (cycle->in_session)
        say(text, "It counts only while the school is open; after a closure it is due before first "
                  "use.");
    say(text, basis_sentence(cycle->basis));
    rule_source(a, text, cycle);
}

static const char *rule_of_cause(enum status_cause cause)
{
    static const char *const rules[] = {
        [CAUSE_MEMORY] = "What cannot be judged may not look safe.",
        [CAUSE_UNKNOWN] =
            "Which checks an item needs stands in the forms. They were damaged on this "
            "kiosk's card, and none is shown until they are whole.",
        [CAUSE_RECALL] = ("An item that a signed recall or stop notice is about, or may be about, "
                          "is not used. It stays so until the notice is taken back, or somebody "
                          "who may release it has looked at it and says so."),
        [CAUSE_FAIL] = ("An item with a fail that nobody has answered is not used. It stays so "
                        "until a passing check by a competent person names that fail and releases "
                        "it."),
        [CAUSE_LOST] = "A lost item is not used until the register says where it is again.",
        [CAUSE_RETIRED] = "An item taken out of service is not used again.",
        [CAUSE_ENDED] = "The life of a culture ends when it is destroyed; it is not used again.",
        [CAUSE_STOP] = ("A check that law or a scheme asks for stops use while it is late, was "
                        "never made, or found a fault."),
        [CAUSE_FAULT] = ("A fault that is not critical leaves the item in use, but no pass of that "
                         "check counts until the fault is put right and checked again."),
        [CAUSE_USE_BY] = ("Past its use-by day it is overdue: it is tested, renewed or disposed of "
                          "before anybody uses it."),
        [CAUSE_NOT_BACK] = "What is out is wanted back by the time that was said when it left.",
        [CAUSE_LIVE] = "A live culture stays amber until its destruction is recorded.",
        [CAUSE_USE_BY_SOON] = "Two weeks before its use-by day an item is called due.",
        [CAUSE_CLOCK] = "While the kiosk's clock is not set, nothing is called in date by a date.",
        [CAUSE_OUT] = "An item that is out is shown with who has it.",
        [CAUSE_NO_CHECKS] = "No check is set for this item.",
    };

    return cause < sizeof(rules) / sizeof(*rules) && rules[cause] != NULL ? rules[cause] : "";
}

static const char *why_rule(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_deciding(s);
    struct buf text;

    buf_init(&text, PARAGRAPH_MAX);
    say(&text, rule_of_cause(s->cause));
    if (c != NULL)
        rule_cycle(a, &text, c->cycle);
    if (text.len == 0)
        say(&text, "No check is set for this item.");
    return said(a, &text);
}

/* ---- the facts ---- */

static void facts_fails(struct arena *a, struct buf *text, const struct status *s,
                        const struct open_fail *fails, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct open_fail *fail = &fails[i];

        say(text, arena_printf(a, "Failed %s on %s: %s", status_failed_name(s, fail),
                               status_day(a, fail->day, s->facts->today),
                               status_text_or(fail->reason, "no reason was given")));
        if (*status_text_or(fail->actor, "") != '\0')
            say(text, arena_printf(a, "Recorded by %s", fail->actor));
    }
}

static void facts_day(struct arena *a, struct buf *text, const struct cycle_status *c,
                      int32_t today)
{
    const char *title = status_title(c->cycle);

    if (c->due_day == CALDATE_NONE && c->state == CYCLE_OVERDUE) {
        if (!status_interval_valid(c->cycle->interval))
            say(text, arena_printf(a, "%s · how often it is due cannot be read", title));
        else
            say(text, arena_printf(a,
                                   "%s · last check is dated %s, later than today: it counts "
                                   "for nothing",
                                   title, status_day(a, c->cycle->last_day, today)));
    } else if (c->due_day == CALDATE_NONE) {
        if (str_eq(c->cycle->interval, "scheme"))
            say(text, "The next date under the scheme is not entered, and the kiosk works none "
                      "out.");
    } else if (c->days < 0) {
        say(text, arena_printf(a, "%s was due on %s: overdue by %s", title,
                               status_day(a, c->due_day, today), status_days(a, -c->days)));
    } else if (c->days == 0) {
        say(text, arena_printf(a, "%s is due today", title));
    } else {
        say(text, arena_printf(a, "%s is due on %s, in %s", title, status_day(a, c->due_day, today),
                               status_days(a, c->days)));
    }
    if (c->due_day == CALDATE_NONE || c->moved_why == NULL)
        return;
    if (c->lawful_day != c->due_day)
        say(text, arena_printf(a, "The last good day is %s", status_day(a, c->lawful_day, today)));
    if (c->lawful_day != c->due_day || c->days >= 0)
        say(text, c->moved_why);
}

static void facts_cycle(struct arena *a, struct buf *text, const struct status *s,
                        const struct cycle_status *c)
{
    if (c->cycle->last_day == CALDATE_NONE)
        say(text, "It has no check on record.");
    else
        say(text, arena_printf(a,
                               c->cycle->served_by != NULL ? "Last served for by «%s» on %s"
                                                           : "Last passed on %s%s",
                               c->cycle->served_by != NULL ? c->cycle->served_by : "",
                               status_day(a, c->cycle->last_day, s->facts->today)));
    if (c->state != CYCLE_EACH_USE && c->state != CYCLE_FAULT && c->state != CYCLE_FAILED)
        facts_day(a, text, c, s->facts->today);
}

/* What is known beside the checks: who has it, its stage of life, its use-by day. */
static void facts_rest(struct arena *a, struct buf *text, const struct status *s)
{
    const struct status_facts *f = s->facts;

    if (f->life_kind && *status_text_or(f->life, "") != '\0')
        say(text, arena_printf(a, "Its last recorded stage: %s, on %s", f->life,
                               status_day(a, f->life_day, f->today)));
    else if (f->life_kind)
        say(text, "No stage of its life is recorded.");
    if (f->use_by != CALDATE_NONE)
        say(text, arena_printf(a, "Its use-by day is %s", status_day(a, f->use_by, f->today)));
    if (f->out)
        say(text, arena_printf(a, "It is out since %s: %s has it",
                               status_day(a, f->out_day, f->today), status_holder(a, f)));
    if (f->out && f->back_by_ms > 0)
        say(text, arena_printf(a, "It is wanted back by %s", status_back_by(a, f)));
    if (*status_text_or(f->retired_why, "") != '\0')
        say(text, arena_printf(a, "Why it was taken out of service: %s", f->retired_why));
    if (f->clock_untrusted)
        say(text, "The kiosk's clock is not set, so that today's date is not sure.");
}

static void facts_stops(struct arena *a, struct buf *text, const struct status *s)
{
    for (size_t i = 0; i < s->stop_count; i++) {
        const struct stop_hit *hit = &s->stops[i];

        say(text, arena_printf(a, "%s %s: %s", hit->stop.recall ? "Recall" : "Stop notice",
                               hit->stop.key, hit->stop.title));
        say(text, status_stop_known(a, hit));
        if (hit->answered)
            say(text,
                arena_printf(a, "Answered on %s: %s", status_day(a, hit->day, s->facts->today),
                             hit->gone ? "not here" : "found and taken out of use"));
        else
            say(text, "Nobody has answered for it yet");
    }
}

static const char *why_facts(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_deciding(s);
    struct buf text;

    buf_init(&text, PARAGRAPH_MAX);
    facts_stops(a, &text, s);
    if (s->fail_count > 0)
        facts_fails(a, &text, s, s->fails, s->fail_count);
    if (s->cause == CAUSE_FAULT || (c != NULL && c->state == CYCLE_FAULT))
        facts_fails(a, &text, s, s->faults, s->fault_count);
    if (c != NULL && s->cause != CAUSE_FAIL)
        facts_cycle(a, &text, s, c);
    facts_rest(a, &text, s);
    if (text.len == 0)
        say(&text, "Nothing is due.");
    return said(a, &text);
}

/* ---- the next step ---- */

static const char *signers_of(struct arena *a, const char *needs)
{
    return *needs == '\0' ? "somebody competent" : status_kept(competence_words(a, needs));
}

static const char *signers(struct arena *a, const struct cycle *cycle)
{
    return signers_of(a, cycle == NULL ? "" : status_text_or(cycle->competence, ""));
}

static const struct cycle *cycle_of_form(const struct status *s, const char *form)
{
    for (size_t i = 0; i < s->cycle_count; i++)
        if (form != NULL && str_eq(s->cycles[i].cycle->form, form))
            return s->cycles[i].cycle;
    return NULL;
}

/* The gravest action that the open fails ask for. */
static const char *gravest_action(const struct open_fail *fails, size_t count)
{
    const char *worst = "";

    for (size_t i = 0; i < count; i++)
        worst = fail_action_worse(worst, fails[i].fail_action);
    return worst;
}

static void next_fail(struct arena *a, struct buf *text, const struct status *s)
{
    const char *action = gravest_action(s->fails, s->fail_count);
    const struct open_fail *fail = status_newest(s->fails, s->fail_count);

    say(text, "Leave it where nobody can pick it up, and mark it.");
    if (*action != '\0')
        say(text, fail_action_do(action));
    say(text, fail_action_tell(action));
    say(text, arena_printf(a,
                           "After repair, a passing %s that names the fail puts it back in use. "
                           "Who may release it: %s",
                           status_failed_name(s, fail), signers(a, cycle_of_form(s, fail->form))));
}

static void next_recall(struct arena *a, struct buf *text, const struct status *s)
{
    const struct stop_hit *hit = &s->stops[0];

    for (size_t i = 0; i < hit->stop.do_count; i++)
        say(text, hit->stop.now_do[i]);
    if (hit->match == STOP_MAYBE && hit->missing[0] != '\0')
        say(text, arena_printf(a, "Look at its plate and write down its %s", hit->missing));
    say(text, arena_printf(a, "Who may release it: %s", signers_of(a, STOP_RELEASERS)));
}

static void next_check(struct arena *a, struct buf *text, const struct status *s,
                       const char *sentence)
{
    const struct cycle_status *c = status_deciding(s);

    if (c == NULL)
        return;
    say(text, arena_printf(a, "%s: %s", sentence, status_title(c->cycle)));
    if (*status_text_or(c->cycle->competence, "") != '\0')
        say(text, arena_printf(a, "Who may sign it: %s", signers(a, c->cycle)));
}

static void next_fault(struct arena *a, struct buf *text, const struct status *s)
{
    const struct open_fail *fault = status_newest(s->faults, s->fault_count);
    const char *name = fault == NULL ? "check" : status_failed_name(s, fault);
    const struct cycle *cycle = fault == NULL ? NULL : cycle_of_form(s, fault->form);

    say(text, arena_printf(a, "Put the fault right and make the %s again. Who may sign it: %s",
                           name, signers(a, cycle)));
    say(text, fail_action_tell(gravest_action(s->faults, s->fault_count)));
}

static void next_plain(struct arena *a, struct buf *text, const struct status *s)
{
    static const char *const steps[] = {
        [CAUSE_MEMORY] = "Restart the kiosk, then scan the item again.",
        [CAUSE_UNKNOWN] =
            "Look for its last check in its history, and look it over yourself before "
            "you use it. Scan it again when the kiosk has its forms.",
        [CAUSE_LOST] = "If you have it here, do not use it: tell who keeps the register, so that "
                       "it is recorded as found and checked.",
        [CAUSE_RETIRED] = "Do not use it. If it should still be in service, register it again and "
                          "check it.",
        [CAUSE_ENDED] = "Nothing is left to do. A new culture gets a label of its own.",
        [CAUSE_USE_BY] = "Do not use it as it is. Make the check that its kind asks for, or have "
                         "it disposed of as its guidance says.",
        [CAUSE_NOT_BACK] = "Ask for it now. When it is back, record its return; if nobody can find "
                           "it, record that.",
        [CAUSE_LIVE] = "Handle it as live. When it is done with, destroy it and record that.",
        [CAUSE_USE_BY_SOON] = "You may use it. Renew or test it by that day.",
        [CAUSE_CLOCK] = "Compare its dates with a calendar before you use it, and have the "
                        "kiosk's clock set.",
        [CAUSE_OUT] = "Whoever has it may use it. When it is back, record its return.",
        [CAUSE_OK] = "You may use it.",
        [CAUSE_NO_CHECKS] = "Look it over yourself before each use. Ask who keeps the register "
                            "whether a check should be set.",
    };

    (void)a;
    if (s->cause < sizeof(steps) / sizeof(*steps))
        say(text, steps[s->cause]);
}

static const char *why_next(struct arena *a, const struct status *s)
{
    const struct cycle_status *c = status_deciding(s);
    struct buf text;

    buf_init(&text, PARAGRAPH_MAX);
    if (s->cause == CAUSE_RECALL)
        next_recall(a, &text, s);
    else if (s->cause == CAUSE_FAIL)
        next_fail(a, &text, s);
    else if (s->cause == CAUSE_FAULT)
        next_fault(a, &text, s);
    else if (s->cause == CAUSE_STOP && c->state == CYCLE_FAULT)
        next_check(a, &text, s, "Do not use it until the fault is put right and this has passed");
    else if (s->cause == CAUSE_STOP)
        next_check(a, &text, s, "Do not use it until this check has passed");
    else if (s->cause == CAUSE_OVERDUE)
        next_check(a, &text, s, "Make this check before it is used again");
    else if (s->cause == CAUSE_NEVER)
        next_check(a, &text, s, "Make the first check before it is used");
    else if (s->cause == CAUSE_FIRST_USE)
        next_check(a, &text, s, "Make this check before the first use after the closure");
    else if (s->cause == CAUSE_DUE)
        next_check(a, &text, s, "You may use it. Make this check by its day");
    else if (s->cause == CAUSE_EACH_USE)
        say(&text, "Make the before-use check; when it passes you may use it.");
    else
        next_plain(a, &text, s);
    return said(a, &text);
}

struct status_why status_explain(struct arena *a, const struct status *s, int32_t today)
{
    struct status_why out;

    (void)today; /* the facts say which day the status is of */
    if (s->facts == NULL) {
        out.rule = rule_of_cause(CAUSE_MEMORY);
        out.facts = status_kept(NULL);
        out.next = "Restart the kiosk, then scan the item again.";
        return out;
    }
    out.rule = why_rule(a, s);
    out.facts = why_facts(a, s);
    out.next = why_next(a, s);
    return out;
}
