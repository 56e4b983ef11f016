#include "app/screens/sync.h"

#include "platform/base/str.h"

bool sync_failed(const struct sync_facts *f)
{
    return f->hub[0] != '\0' && f->fault[0] != '\0';
}

bool sync_by_stick(const struct sync_facts *f)
{
    return f->hub[0] == '\0' && f->site[0] != '\0';
}

bool sync_stick_in(const struct app *app)
{
    enum porter_state state = app->carry.view.state;
    return state != PORTER_NONE && state != PORTER_NO_SITE;
}

/* ---- the four facts ---- */

static const char *sync_next(struct app *app, const struct sync_facts *f)
{
    int64_t left = f->next_try_ms - app->now.wall_ms;
    if (f->next_try_ms == 0 || left <= 0)
        return "Now";
    if (left < 60000)
        return ui_text_f(app->ui, "in %d s", (int)(left / 1000) + 1);
    return ui_text_f(app->ui, "in %d min", (int)(left / 60000) + 1);
}

static struct sync_fact sync_saved(struct app *app, const struct sync_facts *f)
{
    return (struct sync_fact){ "saved", ICON_SAVE, "Saved here",
                               ui_text_f(app->ui, "%llu", (unsigned long long)f->saved),
                               "records on this kiosk" };
}

static void sync_tell_hub(struct app *app, const struct sync_facts *f,
                          struct sync_fact out[SYNC_FACTS])
{
    struct ui *ui = app->ui;
    bool never = f->last_success_ms == 0;
    const char *oldest = f->waiting == 0
                             ? "nothing is kept back"
                             : ui_text_f(ui, "oldest: %s", page_time(app, f->oldest_waiting_ms));
    if (f->files_waiting > 0)
        oldest = f->waiting == 0
                     ? "pictures or files"
                     : ui_text_f(ui, "%llu of them %s", (unsigned long long)f->files_waiting,
                                 f->files_waiting == 1 ? "is a file" : "are files");
    out[1] = (struct sync_fact){
        "waiting", ICON_WAITING, "Waiting",
        ui_text_f(ui, "%llu", (unsigned long long)(f->waiting + f->files_waiting)), oldest
    };
    out[2] = (struct sync_fact){ "success", ICON_CHECK, "Last success",
                                 never ? "Never" : page_time(app, f->last_success_ms),
                                 never ? "not sent yet" : page_ago(app, f->last_success_ms) };
    out[3] = (struct sync_fact){ "next", ICON_CLOCK, "Next try", sync_next(app, f),
                                 "it tries by itself" };
}

static const char *sync_put_words(struct app *app, const struct sync_facts *f)
{
    uint64_t to_put = f->to_put + f->files_to_put;
    if (f->waiting + f->files_to_put == 0)
        return "others have them all";
    if (to_put == 0)
        return "on a stick, on the way";
    if (f->stick_given_ms == 0)
        return "on no stick yet";
    return ui_text_f(app->ui, "%llu on no stick yet", (unsigned long long)to_put);
}

static void sync_tell_stick(struct app *app, const struct sync_facts *f,
                            struct sync_fact out[SYNC_FACTS])
{
    bool taken = f->stick_taken_ms != 0;
    bool given = f->stick_given_ms != 0;
    out[1] = (struct sync_fact){ "waiting", ICON_WAITING, "Waiting",
                                 ui_text_f(app->ui, "%llu",
                                           (unsigned long long)(f->waiting + f->files_to_put)),
                                 sync_put_words(app, f) };
    out[2] = (struct sync_fact){ "taken", ICON_CHECK, "Last taken",
                                 taken ? page_time(app, f->stick_taken_ms) : "Not yet",
                                 taken ? page_ago(app, f->stick_taken_ms) : "from a stick" };
    out[3] = (struct sync_fact){ "given", ICON_USB, "Last given",
                                 given ? page_time(app, f->stick_given_ms) : "Not yet",
                                 given ? page_ago(app, f->stick_given_ms) : "to a stick" };
}

void sync_tell_facts(struct app *app, const struct sync_facts *f, struct sync_fact out[SYNC_FACTS])
{
    out[0] = sync_saved(app, f);
    if (f->hub[0] != '\0') {
        sync_tell_hub(app, f, out);
        return;
    }
    if (sync_by_stick(f)) {
        sync_tell_stick(app, f, out);
        return;
    }
    out[1] = (struct sync_fact){ "waiting", ICON_WAITING, "Waiting",
                                 ui_text_f(app->ui, "%llu", (unsigned long long)f->waiting),
                                 "go along when it joins" };
    out[2] = (struct sync_fact){ "success", ICON_CHECK, "Last success", "None yet",
                                 "it has not joined" };
    out[3] = (struct sync_fact){ "next", ICON_CLOCK, "Next try", "None", "it works alone" };
}

/* ---- the state in words ---- */

static struct sync_words sync_stick_words(struct app *app, const struct sync_facts *f)
{
    uint64_t to_put = f->to_put + f->files_to_put;
    const char *what = f->files_to_put > 0 ? "records and files" : "records";
    struct sync_words w = {
        .badge = "By stick",
        .title = f->site_name,
        .tone = TONE_INFO,
        .card = CARD_INFO,
        .code = "",
        .means = "No hub: the school's kiosks share by a stick.",
    };
    if (sync_stick_in(app))
        w.do_this = "A stick is in: tap «The stick».";
    else if (to_put > 0)
        w.do_this = ui_text_f(
            app->ui, "Plug a stick in and tap «Take and give»: %llu %s %s on none yet.",
            (unsigned long long)to_put, to_put == 1 ? "record" : what, to_put == 1 ? "is" : "are");
    else if (f->waiting > 0)
        w.do_this = "Take the stick round the other kiosks, and back here.";
    else
        w.do_this = "Nothing. What the other kiosks record comes with the next stick.";
    return w;
}

static struct sync_words sync_alone_words(void)
{
    return (struct sync_words){
        .badge = "On its own",
        .title = "No hub yet",
        .tone = TONE_INFO,
        .card = CARD_INFO,
        .code = "",
        .means = "All that you record stays on this kiosk.",
        .do_this = "To join the school's hub, ask IT for a code: scan it here, or type it in.",
    };
}

struct sync_words sync_words(struct app *app, const struct sync_facts *f)
{
    if (sync_by_stick(f))
        return sync_stick_words(app, f);
    if (f->site[0] == '\0')
        return sync_alone_words();
    if (f->to_come > 0 && !sync_failed(f))
        return (struct sync_words){
            .badge = "Fetching",
            .title = f->site_name,
            .tone = TONE_INFO,
            .card = CARD_INFO,
            .means = "The school's records are on their way to this kiosk. What has come can be "
                     "used already.",
            .do_this = "Nothing. Leave it on and connected.",
            .code = "",
        };
    if (sync_failed(f)) {
        /* S-101 to S-109 are the network's: expected in a school, and grey. What somebody must mend stands out. */
        bool offline = str_starts(f->fault_code, "S-10");
        return (struct sync_words){
            .badge = offline ? "Offline" : "Not sent",
            .title = f->fault,
            .tone = offline ? TONE_OFFLINE : TONE_LATE,
            .card = offline ? CARD_PLAIN : CARD_DUE,
            .code = f->fault_code,
            .means = f->fault_means,
            .do_this = f->fault_do,
        };
    }
    if (f->files_waiting > 0 && f->files_trouble[0] != '\0')
        return (struct sync_words){
            .badge = "Files wait",
            .title = f->site_name,
            .tone = TONE_LATE,
            .card = CARD_DUE,
            .means = f->files_trouble,
            .do_this = "Tell IT. Records are sent all the same, and the files are safe here.",
            .code = "",
        };
    return (struct sync_words){
        .badge = f->waiting + f->files_waiting == 0 ? "All sent" : "Sending",
        .title = f->site_name,
        .tone = TONE_GOOD,
        .card = CARD_GOOD,
        .means = "The hub has agreed with what this kiosk recorded.",
        .do_this = "Nothing. Go on working.",
        .code = "",
    };
}
