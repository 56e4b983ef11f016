/* Rows of a check that take a picture or a temperature log. Both are kept as files beside the log as soon as they are given;
   the record names them. */
#include <string.h>

#include "app/screens/check.h"
#include "app/screens/shown.h"
#include "platform/base/str.h"

/* Another screen answers the row; on the way back it is where it was. */
static void shown_away(struct app *app, struct check_state *s, const struct form_field *f,
                       const char *screen, const struct route *route)
{
    (void)str_copy(s->reveal, sizeof s->reveal, f->name);
    router_push(app, screen, route);
}

/* ---- a picture ---- */

/* Beside the thumbnail two buttons stand abreast, or one above the other where letters are large. */
static bool picture_stacked(const struct app *app)
{
    return app->opt.large || ui_portrait(app->ui);
}

/* What stands where there is no picture, and why. */
static int picture_none_height(struct app *app, const char *value, int width)
{
    return ui_para_height(app->ui, width, value, SIZE_BODY, FONT_MEDIUM);
}

int check_picture_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    int target = page_target(app);
    const char *value = check_value(s, at);
    if (value[0] == '\0')
        return page_primary(app);
    if (form_no_picture(value))
        return page_primary(app) + ui_gap(app->ui) + picture_none_height(app, value, width);
    int thumb = shown_thumb_height(app);
    int buttons = picture_stacked(app) ? 2 * target + ui_gap(app->ui) : target;
    return thumb > buttons ? thumb : buttons;
}

static void picture_go(struct app *app, struct check_state *s, size_t at)
{
    const struct form_field *f = &s->form.fields[at];
    bool wanted = f->required || s->state.fields[at].missing;
    const struct route route = {
        .text = f->name,
        .text2 = s->draft_item,
        .form = s->base->id,
        .doc = s->version,
        .event = check_value(s, at),
        .item = s->state.fields[at].label,
        .number = wanted ? 1 : 0,
    };
    shown_away(app, s, f, "picture", &route);
}

static void picture_back(struct app *app, struct check_state *s, size_t at)
{
    char sha[KEYS_ID_TEXT];
    bool whole = str_copy(sha, sizeof sha, check_value(s, at));
    check_put(app, s, s->form.fields[at].name, "");
    if (whole)
        app_drop_file(app, sha);
}

void check_picture(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const char *sha = check_value(s, at);
    int gap = ui_gap(ui);
    if (form_no_picture(sha)) {
        struct rect words = ui_cut_top(&r, picture_none_height(app, sha, r.w));
        (void)ui_para(ui, words, "none", sha, SIZE_BODY, FONT_MEDIUM, TONE_DUE);
        (void)ui_cut_top(&r, gap);
    }
    if (sha[0] == '\0' || form_no_picture(sha)) {
        if (ui_button(ui, r, "take", "Take a picture", ICON_CAMERA, UI_PLAIN))
            picture_go(app, s, at);
        return;
    }
    struct rect thumb = ui_cut_left(&r, shown_thumb_width(app));
    thumb.h = shown_thumb_height(app);
    (void)ui_cut_left(&r, gap);
    if (shown_thumb(app, thumb, "photo", "Look at the picture", sha)) {
        (void)str_copy(s->reveal, sizeof s->reveal, s->form.fields[at].name);
        shown_open(app, sha, s->state.fields[at].label, s->form.fields[at].name);
    }
    int target = page_target(app);
    bool stacked = picture_stacked(app);
    if (!stacked)
        r = (struct rect){ r.x, r.y + (r.h - target) / 2, r.w, target };
    struct rect take = stacked ? ui_cut_top(&r, target) : ui_col(r, 0, 2, gap);
    if (stacked)
        (void)ui_cut_top(&r, gap);
    struct rect away = stacked ? ui_cut_top(&r, target) : ui_col(r, 1, 2, gap);
    if (ui_button(ui, take, "take", "Take it again", ICON_CAMERA, UI_PLAIN))
        picture_go(app, s, at);
    if (ui_button(ui, away, "remove", "Remove it", ICON_BACKSPACE, UI_PLAIN))
        picture_back(app, s, at);
}

/* ---- a log ---- */

static const char *log_file(struct app *app, const struct check_state *s, size_t at)
{
    return check_text(s, ui_text_f(app->ui, CHECK_FILE "%s", s->form.fields[at].name));
}

static const char *log_words(struct app *app, const struct check_state *s, size_t at)
{
    const char *file = log_file(app, s, at);
    const char *name = strchr(file, ' ');
    return ui_text_f(app->ui, "%s%s%s", check_log_words(app, check_value(s, at)),
                     name == NULL ? "" : ", from ", name == NULL ? "" : name + 1);
}

static int log_button_width(struct app *app, int width)
{
    struct ui *ui = app->ui;
    int wide = ui_mm(ui, app->opt.large ? 80 : ui_portrait(ui) ? 34 : 50);
    /* What stands beside large letters leaves them half of the row. */
    return app->opt.large && wide > width / 2 ? width / 2 : wide;
}

int check_log_height(struct app *app, const struct check_state *s, size_t at, int width)
{
    int target = page_target(app);
    int field = ui_field_height(app->ui);
    int words = ui_para_height(app->ui, width - log_button_width(app, width) - ui_gap(app->ui),
                               log_words(app, s, at), SIZE_SMALL, FONT_MEDIUM);
    field = field > target ? field : target;
    return words > field ? words : field;
}

void check_log(struct app *app, struct check_state *s, size_t at, struct rect r)
{
    struct ui *ui = app->ui;
    const struct form_field *f = &s->form.fields[at];
    const char *words = log_words(app, s, at);
    const struct route route = { .text = f->name,
                                 .text2 = s->draft_item,
                                 .form = s->base->id,
                                 .doc = s->version,
                                 .event = s->state.fields[at].label,
                                 .item = check_value(s, at),
                                 .text3 = log_file(app, s, at) };
    int field = ui_field_height(ui) > page_target(app) ? ui_field_height(ui) : page_target(app);
    struct rect button = ui_cut_right(&r, log_button_width(app, r.w));
    button.h = button.h < field ? button.h : field;
    (void)ui_cut_right(&r, ui_gap(ui));
    int h = ui_para_height(ui, r.w, words, SIZE_SMALL, FONT_MEDIUM);
    (void)ui_cut_top(&r, h < r.h ? (r.h - h) / 2 : 0);
    (void)ui_para(ui, r, "tally", words, SIZE_SMALL, FONT_MEDIUM, TONE_MUTED);
    if (ui_button(ui, button, "log", "Type or bring in", ICON_DOCUMENT, UI_PLAIN))
        shown_away(app, s, f, "log", &route);
}

/* ---- what the record names ---- */

/* A correction takes over what the corrected record named, wherever its bytes are. */
static const struct check_file *files_corrected(const struct check_state *s, const char *sha)
{
    for (size_t i = 0; s->corrects != NULL && i < s->corrected.file_count; i++)
        if (str_eq(s->corrected.files[i].sha256, sha))
            return &s->corrected.files[i];
    return NULL;
}

static enum err files_one(struct app *app, struct check_state *s, const struct form_field *f,
                          const char *label, const char *sha, const char *name,
                          struct check_file *out, struct why *why)
{
    const struct files files = app_attached(app);
    const struct check_file *before = files_corrected(s, sha);
    struct file_info info = { .state = FILES_NONE };
    if (before != NULL) {
        *out = *before;
        out->field = f->name;
        return ERR_OK;
    }
    enum err rc = files_info(&files, sha, &info, why);
    if (rc != ERR_OK)
        return rc;
    if (info.state != FILES_HERE && info.state != FILES_HELD)
        return why_set(why, ERR_NOT_FOUND, 0,
                       "what was given for «%.80s» is damaged; give it again", label);
    *out = (struct check_file){ .sha256 = arena_strdup(&s->judged, info.hash),
                                .type = files_type_name(info.type),
                                .name = arena_strdup(&s->judged, name),
                                .field = f->name,
                                .bytes = info.bytes };
    return out->sha256 == NULL || out->name == NULL ? why_set(why, ERR_NOMEM, 0, "check: no memory")
                                                    : ERR_OK;
}

/* The hash and the name of what the row's answer stands on; false: it stands on no file. */
static bool files_of(struct app *app, const struct check_state *s, size_t at,
                     char sha[KEYS_ID_TEXT], const char **out_name)
{
    const struct form_field *f = &s->form.fields[at];
    const char *value = s->state.fields[at].value;
    if (!s->state.fields[at].relevant || value == NULL || value[0] == '\0')
        return false;
    if (f->type == FIELD_IMAGE && form_no_picture(value))
        return false;
    if (f->type == FIELD_IMAGE) {
        *out_name = ui_text_f(app->ui, "%s %s.jpg", s->item.label, f->name);
        return str_copy(sha, KEYS_ID_TEXT, value);
    }
    const char *file = log_file(app, s, at);
    const char *name = strchr(file, ' ');
    if (name == NULL || (size_t)(name - file) != KEYS_ID_TEXT - 1)
        return false;
    memcpy(sha, file, KEYS_ID_TEXT - 1);
    sha[KEYS_ID_TEXT - 1] = '\0';
    *out_name = name + 1;
    return true;
}

enum err check_files(struct app *app, struct check_state *s, struct check *out, struct why *why)
{
    struct check_file *rows = arena_array(&s->judged, CHECK_FILES_MAX, sizeof *rows);
    if (rows == NULL)
        return why_set(why, ERR_NOMEM, 0, "check: no memory");
    out->files = rows;
    out->file_count = 0;
    for (size_t i = 0; i < s->form.field_count; i++) {
        char sha[KEYS_ID_TEXT] = "";
        const char *name = "";
        if (!files_of(app, s, i, sha, &name))
            continue;
        if (out->file_count == CHECK_FILES_MAX)
            return why_set(why, ERR_LIMIT, 0, "a record holds %d pictures; remove some",
                           CHECK_FILES_MAX);
        enum err rc = files_one(app, s, &s->form.fields[i], s->state.fields[i].label, sha, name,
                                &rows[out->file_count], why);
        if (rc != ERR_OK)
            return rc;
        out->file_count++;
    }
    return ERR_OK;
}
