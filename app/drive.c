#include "app/drive.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/script.h"
#include "app/ui/audit.h"
#include "platform/base/fs.h"
#include "platform/base/json.h"
#include "platform/base/str.h"

enum { DRIVE_POLL_MS = 50, DRIVE_SYNC_MS = 300, DRIVE_KEYS_MAX = SCAN_PAYLOAD_MAX };

struct drive {
    struct app *app;
    const char *folder; /* of the script: pictures are beside it */
    const char *shots;
    struct arena arena; /* of one step */
    uint64_t rounds;    /* of the worker that had begun when it was asked */
    int64_t asked_ms;   /* when it last asked for a round */
    bool started;       /* the step's one-off part was done */
};

enum drive_answer { DRIVE_DONE, DRIVE_NOT_YET, DRIVE_NEVER };

/* ---- the ways in ---- */

static void drive_send(struct drive *d, enum input_kind kind, int x, int y)
{
    struct input_event e = { .kind = kind, .ms = d->app->now.mono_ms, .x = x, .y = y };
    app_frame(d->app, &e, 1);
}

static void drive_touch(struct drive *d, struct rect r)
{
    int x = r.x + r.w / 2;
    int y = r.y + r.h / 2;
    drive_send(d, INPUT_PRESS, x, y);
    drive_send(d, INPUT_RELEASE, x, y);
}

static enum drive_answer drive_tap(struct drive *d, const struct step *s, struct why *why)
{
    int at = ui_tree_find(d->app->tree, s->text, s->in);
    if (at == -2) {
        (void)why_set(why, ERR_INPUT, 0,
                      "several enabled widgets are called \"%s\": name its row or path", s->text);
        return DRIVE_NOT_YET;
    }
    if (at < 0) {
        (void)why_set(why, ERR_NOT_FOUND, 0, "no enabled widget is called \"%s\"", s->text);
        return DRIVE_NOT_YET;
    }
    const struct ui_node *n = &d->app->tree->nodes[at];
    if ((n->state & STATE_OFFPAGE) != 0 || n->seen.w <= 0 || n->seen.h <= 0) {
        char path[UI_ID_MAX];
        (void)str_copy(path, sizeof path, n->path);
        if (ui_scroll_into_view(d->app->ui, path))
            app_frame(d->app, NULL, 0);
        (void)why_set(why, ERR_NOT_FOUND, 0, "\"%s\" cannot be brought into view", s->text);
        return DRIVE_NOT_YET;
    }
    drive_touch(d, n->seen);
    return DRIVE_DONE;
}

static enum drive_answer drive_type(struct drive *d, const struct step *s, struct why *why)
{
    enum { KEYS_ON_THE_WAY_MAX = 4 };
    size_t len = strlen(s->text);
    if (!ui_keyboard_open(d->app->ui)) {
        (void)why_set(why, ERR_NOT_FOUND, 0, "no field is being typed into");
        return DRIVE_NOT_YET;
    }
    for (size_t pos = 0; pos < len;) {
        uint32_t c = utf8_next(s->text, len, &pos);
        enum ui_reach reach = REACH_WAY;
        for (int i = 0; i < KEYS_ON_THE_WAY_MAX && reach == REACH_WAY; i++) {
            struct rect key = { .x = 0 };
            reach = ui_keyboard_reach(d->app->ui, c, &key);
            if (reach != REACH_NOT)
                drive_touch(d, key);
        }
        if (reach != REACH_KEY) {
            (void)why_set(why, ERR_INPUT, 0, "the keyboard cannot type U+%04X", (unsigned)c);
            return DRIVE_NEVER;
        }
    }
    return DRIVE_DONE;
}

/* A scanner's burst: every character at the same moment. */
static enum drive_answer drive_key(struct drive *d, const struct step *s, struct why *why)
{
    size_t len = strlen(s->text);
    if (len > DRIVE_KEYS_MAX + 1U) {
        (void)why_set(why, ERR_LIMIT, 0, "more than %d characters", DRIVE_KEYS_MAX);
        return DRIVE_NEVER;
    }
    int64_t ms = clock_read(d->app->clock).mono_ms;
    d->app->burst = true;
    for (size_t pos = 0; pos < len;) {
        struct input_event e = { .kind = INPUT_TEXT, .ms = ms };
        size_t from = pos;
        (void)utf8_next(s->text, len, &pos);
        memcpy(e.text, s->text + from, pos - from);
        if (e.text[0] == '\n' || e.text[0] == '\b' || e.text[0] == '\t') {
            e.kind = INPUT_KEY;
            e.key = e.text[0] == '\n' ? KEY_ENTER : e.text[0] == '\b' ? KEY_BACKSPACE : KEY_TAB;
        }
        app_frame(d->app, &e, 1);
    }
    d->app->burst = false;
    app_frame(d->app, NULL, 0);
    return DRIVE_DONE;
}

static enum drive_answer drive_back(struct drive *d, struct why *why)
{
    for (size_t i = 0; i < d->app->tree->count; i++) {
        const struct ui_node *n = &d->app->tree->nodes[i];
        if (n->target && str_ends(n->path, "/back") && (n->state & STATE_DISABLED) == 0) {
            drive_touch(d, n->seen);
            return DRIVE_DONE;
        }
    }
    (void)why_set(why, ERR_NOT_FOUND, 0, "there is no way back on this screen");
    return DRIVE_NOT_YET;
}

static enum drive_answer drive_show(struct drive *d, const struct step *s, struct why *why)
{
    char path[FS_PATH_MAX];
    if (s->text == NULL)
        return camera_hold(d->app->camera, NULL, why) == ERR_OK ? DRIVE_DONE : DRIVE_NEVER;
    enum err rc = s->text[0] == '/' || d->folder[0] == '\0'
                      ? (str_copy(path, sizeof path, s->text) ? ERR_OK : ERR_LIMIT)
                      : fs_join(path, d->folder, s->text, why);
    if (rc == ERR_OK)
        rc = camera_hold(d->app->camera, path, why);
    scanner_fresh(d->app->scanner);
    return rc == ERR_OK ? DRIVE_DONE : DRIVE_NEVER;
}

/* A folder stands for a stick: beside the script, or from the root. */
static enum drive_answer drive_stick(struct drive *d, const struct step *s, struct why *why)
{
    char path[FS_PATH_MAX] = "";
    struct fs_stat st;
    enum err rc = ERR_OK;
    if (s->text != NULL && (s->text[0] == '/' || d->folder[0] == '\0'))
        rc = str_copy(path, sizeof path, s->text) ? ERR_OK : ERR_LIMIT;
    else if (s->text != NULL)
        rc = fs_join(path, d->folder, s->text, why);
    if (rc == ERR_OK && s->text != NULL)
        rc = fs_stat(path, &st, why);
    if (rc == ERR_OK)
        carry_plug(d->app, path);
    return rc == ERR_OK ? DRIVE_DONE : DRIVE_NEVER;
}

/* ---- time and net ---- */

/* Time passes in small steps, so that each countdown and message has its moment. */
static void drive_pass(struct drive *d, int64_t ms)
{
    enum { STEPS_MAX = 300 };
    int64_t step = ms / STEPS_MAX < 1000 ? 1000 : ms / STEPS_MAX;
    while (ms > 0) {
        int64_t by = ms < step ? ms : step;
        clock_shift(d->app->clock, by);
        ms -= by;
        app_frame(d->app, NULL, 0);
    }
}

static enum drive_answer drive_now(struct drive *d, const struct step *s, struct why *why)
{
    int64_t by = s->number;
    int64_t to = 0;
    if (s->text != NULL) {
        if (!clock_parse_iso(s->text, &to)) {
            (void)why_set(why, ERR_INPUT, 0, "%s is not a time", s->text);
            return DRIVE_NEVER;
        }
        by = to - clock_read(d->app->clock).wall_ms;
    }
    clock_shift(d->app->clock, by);
    app_frame(d->app, NULL, 0);
    return DRIVE_DONE;
}

static enum drive_answer drive_sync(struct drive *d, struct why *why)
{
    bool success = false;
    uint64_t rounds = worker_rounds(d->app->worker, &success);
    if (!d->started) {
        d->rounds = worker_begun(d->app->worker);
        d->started = true;
        d->asked_ms = clock_mono_ms();
        worker_wake(d->app->worker);
    }
    const struct sync_facts *f = app_facts(d->app);
    (void)why_set(why, ERR_OFFLINE, 0, "not all is sent: %s %s",
                  f->fault[0] == '\0' ? "no hub is joined" : f->fault, f->fault_code);
    /* Asked at once again and again, the hub would answer that it is busy, and hide what is wrong. */
    if (rounds > d->rounds && !success && clock_mono_ms() - d->asked_ms >= DRIVE_SYNC_MS) {
        d->rounds = worker_begun(d->app->worker);
        d->asked_ms = clock_mono_ms();
        worker_wake(d->app->worker);
    }
    return rounds > d->rounds && success ? DRIVE_DONE : DRIVE_NOT_YET;
}

/* ---- what it looks like ---- */

static const char *drive_role(enum ui_role role)
{
    static const char *const names[] = {
        [ROLE_SCREEN] = "screen", [ROLE_GROUP] = "group",       [ROLE_ROW] = "row",
        [ROLE_TEXT] = "text",     [ROLE_HEADING] = "heading",   [ROLE_BUTTON] = "button",
        [ROLE_CHOICE] = "choice", [ROLE_FIELD] = "field",       [ROLE_KEY] = "key",
        [ROLE_BADGE] = "badge",   [ROLE_BANNER] = "banner",     [ROLE_PICTURE] = "picture",
        [ROLE_SCROLL] = "scroll", [ROLE_PROGRESS] = "progress",
    };
    return names[role];
}

static enum err drive_out_path(struct drive *d, char out[FS_PATH_MAX], const char *name,
                               const char *ending, struct why *why)
{
    char file[160];
    (void)str_format(file, sizeof file, "%s%s", name, ending);
    enum err rc = fs_mkdirs(d->shots, 0755, why);
    return rc == ERR_OK ? fs_join(out, d->shots, file, why) : rc;
}

static enum err drive_shot(struct drive *d, const char *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = drive_out_path(d, path, name, ".png", why);
    return rc == ERR_OK ? window_shot(d->app->window, path, why) : rc;
}

static void drive_write_rect(struct json_out *j, const char *key, struct rect r)
{
    json_out_array(j, key);
    json_out_int(j, NULL, r.x);
    json_out_int(j, NULL, r.y);
    json_out_int(j, NULL, r.w);
    json_out_int(j, NULL, r.h);
    json_out_end_array(j);
}

static enum err drive_tree(struct drive *d, const char *name, struct why *why)
{
    static const struct {
        unsigned bit;
        const char *word;
    } states[] = { { STATE_DISABLED, "disabled" }, { STATE_SELECTED, "selected" },
                   { STATE_FOCUSED, "focused" },   { STATE_PRESSED, "pressed" },
                   { STATE_OFFPAGE, "offpage" },   { STATE_CLIPPED, "clipped" } };
    struct buf b;
    struct json_out j;
    buf_init(&b, 4 * 1024 * 1024);
    json_out_init(&j, &b);
    json_out_array(&j, NULL);
    for (size_t i = 0; i < d->app->tree->count; i++) {
        const struct ui_node *n = &d->app->tree->nodes[i];
        json_out_object(&j, NULL);
        json_out_str(&j, "path", n->path);
        json_out_str(&j, "role", drive_role(n->role));
        json_out_str(&j, "label", n->label);
        drive_write_rect(&j, "rect", n->r);
        drive_write_rect(&j, "seen", n->seen);
        json_out_bool(&j, "target", n->target);
        json_out_array(&j, "state");
        for (size_t k = 0; k < COUNT_OF(states); k++)
            if ((n->state & states[k].bit) != 0)
                json_out_str(&j, NULL, states[k].word);
        json_out_end_array(&j);
        json_out_end_object(&j);
    }
    json_out_end_array(&j);
    char path[FS_PATH_MAX];
    enum err rc = buf_done(&b, why);
    if (rc == ERR_OK)
        rc = drive_out_path(d, path, name, ".json", why);
    if (rc == ERR_OK)
        rc = fs_replace(path, b.data, b.len, 0644, why);
    buf_free(&b);
    return rc;
}

static enum drive_answer drive_audit(struct drive *d, struct why *why)
{
    struct audit_faults found = { .count = 0 };
    struct ui_scale scale = app_scale(d->app);
    if (audit_run(d->app->tree, &scale, &d->arena, &found) != ERR_OK) {
        (void)why_set(why, ERR_NOMEM, 0, "audit: no memory");
        return DRIVE_NEVER;
    }
    for (size_t i = 0; i < found.count; i++)
        (void)fprintf(stderr, "audit: %s: %s: %s\n", found.faults[i].rule, found.faults[i].path,
                      found.faults[i].text);
    if (found.count == 0)
        return DRIVE_DONE;
    (void)why_set(why, ERR_INPUT, 0, "audit: %zu faults, the first: %s: %s", found.count,
                  found.faults[0].rule, found.faults[0].path);
    return DRIVE_NEVER;
}

/* ---- steps ---- */

static enum drive_answer drive_answer_of(enum err rc)
{
    return rc == ERR_OK ? DRIVE_DONE : DRIVE_NEVER;
}

static enum drive_answer drive_sight(struct drive *d, const struct step *s, struct why *why)
{
    bool there = ui_tree_shows(d->app->tree, s->text);
    if (there == (s->verb == STEP_SEE))
        return DRIVE_DONE;
    (void)why_set(why, ERR_NOT_FOUND, 0,
                  there ? "\"%s\" is on the screen" : "\"%s\" is not on the screen", s->text);
    return DRIVE_NOT_YET;
}

static enum drive_answer drive_step(struct drive *d, const struct step *s, struct why *why)
{
    switch (s->verb) {
    case STEP_SHOW:
        return drive_show(d, s, why);
    case STEP_KEY:
        return drive_key(d, s, why);
    case STEP_TAP:
        return drive_tap(d, s, why);
    case STEP_TYPE:
        return drive_type(d, s, why);
    case STEP_SEE:
    case STEP_UNSEE:
        return drive_sight(d, s, why);
    case STEP_SWIPE:
        (void)ui_swipe(d->app->ui, (int)s->number);
        app_frame(d->app, NULL, 0);
        return DRIVE_DONE;
    case STEP_BACK:
        return drive_back(d, why);
    case STEP_IDLE:
        drive_pass(d, s->number);
        return DRIVE_DONE;
    case STEP_NOW:
        return drive_now(d, s, why);
    case STEP_NET:
        worker_net(d->app->worker, s->number != 0);
        return DRIVE_DONE;
    case STEP_SYNC:
        return drive_sync(d, why);
    case STEP_SHOT:
        return drive_answer_of(drive_shot(d, s->text, why));
    case STEP_TREE:
        return drive_answer_of(drive_tree(d, s->text, why));
    case STEP_AUDIT:
        return drive_audit(d, why);
    case STEP_STICK:
        return drive_stick(d, s, why);
    case STEP_DIE:
        (void)kill(getpid(), SIGKILL);
        return DRIVE_NEVER;
    }
    return DRIVE_NEVER;
}

static void drive_tell_screen(struct drive *d)
{
    (void)fprintf(stderr, "On the screen:\n");
    for (size_t i = 0; i < d->app->tree->count; i++) {
        const struct ui_node *n = &d->app->tree->nodes[i];
        (void)fprintf(stderr, "  %-40s %-8s %s%s%s\n", n->path, drive_role(n->role), n->label,
                      (n->state & STATE_DISABLED) != 0 ? " (disabled)" : "",
                      (n->state & STATE_OFFPAGE) != 0 ? " (scrolled away)" : "");
    }
}

static enum err drive_do(struct drive *d, const struct step *s, struct why *why)
{
    int64_t deadline = clock_mono_ms() + s->wait_ms;
    d->started = false;
    for (;;) {
        arena_reset(&d->arena);
        /* A script that was cut short is not one that went well. */
        if (d->app->quit)
            return why_set(why, ERR_DENIED, 0, "the kiosk was ended before this step was done");
        enum drive_answer answer = drive_step(d, s, why);
        if (answer == DRIVE_DONE)
            return ERR_OK;
        if (answer == DRIVE_NEVER || clock_mono_ms() >= deadline)
            return ERR_NOT_FOUND;
        app_step(d->app, DRIVE_POLL_MS);
    }
}

enum err drive_run(struct app *app, const char *path, const char *shots, struct why *why)
{
    struct arena a;
    arena_init(&a, 16 * 1024 * 1024);
    struct drive d = { .app = app, .shots = shots == NULL ? "." : shots };
    arena_init(&d.arena, 16 * 1024 * 1024);
    char folder[FS_PATH_MAX];
    (void)str_copy(folder, sizeof folder, path);
    char *slash = strrchr(folder, '/');
    folder[slash == NULL ? 0 : slash - folder] = '\0';
    d.folder = folder;

    char *source = NULL;
    size_t len = 0;
    struct script script = { .count = 0 };
    enum err rc = fs_read(&a, path, SCRIPT_BYTES_MAX, &source, &len, why);
    if (rc == ERR_OK)
        rc = why_in(why, script_parse(&a, source, len, &script, why), "%s", path);
    app_start(app);
    for (size_t i = 0; rc == ERR_OK && i < script.count; i++) {
        struct why step_why = { .sys = 0 };
        rc = drive_do(&d, &script.steps[i], &step_why);
        if (rc == ERR_OK)
            continue;
        char name[40];
        (void)str_format(name, sizeof name, "failed-%u", script.steps[i].line);
        drive_tell_screen(&d);
        (void)drive_shot(&d, name, NULL);
        rc = why_set(why, rc, 0, "%s:%u: %.60s: %.100s", path, script.steps[i].line,
                     script.steps[i].words, step_why.text);
    }
    arena_done(&d.arena);
    arena_done(&a);
    return rc;
}
