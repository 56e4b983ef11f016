/* Signing: who it is, whether they may, and the record. Whoever lacks what the form asks for is told what, and who at the
   school has it, and may sign as a trainee: such a record waits for a countersignature. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/check.h"
#include "app/screens/parts.h"
#include "platform/base/str.h"

/* ---- the record ---- */

/* A pass that answers a fail puts the item back into use: badge and PIN, both. */
static unsigned check_proof_needed(const struct check_state *s)
{
    bool passes = s->state.outcome == OUTCOME_PASS || s->state.outcome == OUTCOME_ADVISE;
    return passes && s->fail_count > 0 ? PROOF_BADGE | PROOF_PIN : 0;
}

static bool sign_proved(struct app *app, const struct check_state *s)
{
    unsigned need = check_proof_needed(s);
    return session_in(&app->session) && (app->session.proof & need) == need;
}

/* The fails that this pass answers; a correction answers again what the corrected record did. */
static enum err sign_releases(struct check_state *s, struct check *out, struct why *why)
{
    size_t most = s->fail_count + s->corrected.release_count;
    if (check_proof_needed(s) == 0 && s->corrected.release_count == 0)
        return ERR_OK;
    out->releases = arena_array(&s->judged, most + 1, sizeof *out->releases);
    if (out->releases == NULL)
        return why_set(why, ERR_NOMEM, 0, "check: no memory");
    bool passes = s->state.outcome == OUTCOME_PASS || s->state.outcome == OUTCOME_ADVISE;
    for (size_t i = 0; passes && i < s->corrected.release_count; i++)
        out->releases[out->release_count++] = s->corrected.releases[i];
    for (size_t i = 0; passes && i < s->fail_count; i++)
        out->releases[out->release_count++] = s->fails[i].event;
    return ERR_OK;
}

enum err checking_build(struct app *app, struct check_state *s, struct check *out, struct why *why)
{
    enum err rc = check_from_form(&s->judged, &s->form, &s->state, s->item.id, &s->facts,
                                  app->today, out, why);
    if (rc != ERR_OK)
        return rc;
    out->signed_by = session_proof_name(app->session.proof);
    out->competence = s->gate.code;
    out->countersign = s->gate.countersign;
    if (s->corrects != NULL) {
        out->corrects = s->corrects;
        out->corrects_why = check_text(s, CHECK_WHY);
        /* It is of the day that the corrected one was made: what was done is not done anew by writing it down right. */
        out->day = s->corrected.day;
    }
    rc = check_files(app, s, out, why);
    return rc == ERR_OK ? sign_releases(s, out, why) : rc;
}

static const char *sign_answer(const struct check_state *s, const char *name)
{
    int at = form_field_index(&s->form, name);
    return at < 0 || s->state.fields[at].value == NULL ? "" : s->state.fields[at].value;
}

static enum err sign_store(struct app *app, struct check_state *s, const struct check *c,
                           char event[EVENT_ID_TEXT], struct why *why)
{
    char made[KEYS_RANDOM_ID];
    if (s->base->makes[0] == '\0' || s->corrects != NULL)
        return store_record_check(&app->store, app->now, app->session.person, c, event, why);
    const char *name = sign_answer(s, "new_name");
    const struct item_draft draft = {
        .label = sign_answer(s, s->base->makes_label),
        .kind = s->base->makes,
        .name = name[0] == '\0' ? s->item.name : name,
        .room = s->item.room,
        .shelf = s->item.shelf,
        .school = s->item.school,
    };
    return store_record_making(&app->store, app->now, app->session.person, c, &draft, event, made,
                               why);
}

/* Another fail, or a law's date, keeps it out of use whatever was found now. */
static bool sign_stays_out(struct app *app, const struct check_state *s)
{
    struct status status;
    return parts_status(app, &s->item, ui_arena(app->ui), &status, NULL) == ERR_OK &&
           status.use == USE_DO_NOT;
}

static void sign_tell(struct app *app, struct check_state *s, const struct check *c,
                      const char *event)
{
    bool stop = s->state.outcome == OUTCOME_QUARANTINE;
    bool out = !stop && sign_stays_out(app, s);
    const char *words = out ? "Recorded. It stays out of use: do not use it." : "Recorded";
    if (s->corrects != NULL)
        words = stop ? "Corrected: do not use it. Both records stay readable."
                     : "Corrected. Both records stay readable.";
    else if (stop)
        words = "Recorded. Do not use it, and put it where nobody will.";
    else if (c->countersign != NULL && c->countersign[0] != '\0')
        words = ui_text_f(app->ui, "Recorded. It counts when it is countersigned: %s.",
                          competence_name(c->countersign));
    else if (!out && s->base->makes[0] != '\0')
        words = ui_text_f(app->ui, "Recorded, and %s is on the register",
                          sign_answer(s, s->base->makes_label));
    app_toast_undo(app, words, event);
    app->toast.tone = stop ? TONE_BAD : out ? TONE_DUE : TONE_GOOD;
}

static void sign_record(struct app *app, struct check_state *s, bool countersign)
{
    struct check c;
    struct why why;
    char event[EVENT_ID_TEXT];
    enum err rc = checking_build(app, s, &c, &why);
    if (rc == ERR_OK)
        rc = sign_store(app, s, &c, event, &why);
    if (rc != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. Your answers are kept here.", why.text);
        return;
    }
    timers_drop_form(&app->timers, s->item.id, s->base->id);
    sign_tell(app, s, &c, event);
    if (s->corrects != NULL &&
        store_draft_drop(&app->store, s->draft_item, s->base->id, &why) != ERR_OK)
        app_toast(app, TONE_BAD, "Corrected, but its draft is still there: %s", why.text);
    s->recorded = true;
    app_changed(app);
    if (countersign) {
        router_replace(app, "countersign", &(struct route){ .event = event });
    } else if (s->state.outcome == OUTCOME_QUARANTINE) {
        /* What is out of use fills the screen, wherever the check was begun. */
        router_home(app);
        router_push(app, "item", &(struct route){ .item = s->item.id });
    } else {
        router_pop(app);
    }
}

static void sign_gated(struct app *app, struct check_state *s)
{
    struct why why;
    if (s->held != NULL) {
        app_toast(app, TONE_BAD, "Not recorded: do not use. %s", s->held);
        return;
    }
    if (gate_read(app, s->base->competence, &s->arena, &s->gate, &s->holders, &why) != ERR_OK) {
        app_toast(app, TONE_BAD, "Not recorded: %s. Your answers are kept here.", why.text);
        return;
    }
    if (s->gate.gate == GATE_OPEN) {
        sign_record(app, s, false);
        return;
    }
    (void)str_copy(s->gate_person, sizeof s->gate_person, app->session.person);
    s->gate_shown = true;
    app->version++;
}

void check_gate_lapse(struct app *app, struct check_state *s)
{
    /* A notice came while somebody read who may sign: no trainee passes either what nobody may. */
    if (s->gate_shown && s->held != NULL) {
        s->gate_shown = false;
        app_toast(app, TONE_BAD, "Not recorded: do not use. %s", s->held);
        return;
    }
    if (!s->gate_shown || (str_eq(s->gate_person, app->session.person) && sign_proved(app, s)))
        return;
    s->gate_shown = false;
    app_toast(app, TONE_INFO, "Somebody else is at the kiosk now. Sign again.");
}

void check_sign(struct app *app, struct check_state *s, enum check_wish wish)
{
    if (s->corrects != NULL && check_text(s, CHECK_WHY)[0] == '\0') {
        app_toast(app, TONE_BAD, "Say first why the record is corrected: at the top.");
        return;
    }
    if (sign_proved(app, s)) {
        sign_gated(app, s);
        return;
    }
    s->wish = wish;
    router_push(app, "sign_in",
                &(struct route){ .number = check_proof_needed(s), .text = s->base->title });
}

void check_sign_again(struct app *app, struct check_state *s)
{
    /* Whoever turned back at signing in has not signed: the next sign-in must not do it for them. */
    s->wish = WISH_NONE;
    if (sign_proved(app, s) && !s->recorded && s->state.outcome != OUTCOME_OPEN)
        sign_gated(app, s);
}

void check_gate(struct app *app, struct check_state *s, struct rect page)
{
    const struct gate_ask ask = { .gate = &s->gate,
                                  .holders = s->holders,
                                  .release = check_proof_needed(s) != 0 };
    enum gate_choice choice = gate_panel(app, page, &ask);
    if (choice == GATE_CHOOSE)
        return;
    s->gate_shown = false;
    if (choice != GATE_BACK)
        sign_record(app, s, choice == GATE_NOW);
}
