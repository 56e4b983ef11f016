#include "app/screens/assessment_sheet.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/sign.h"
#include "app/screens/recall.h"
#include "platform/base/str.h"

/* ---- lines ---- */

const struct adapt_line *sheet_line(const struct sheet *s, const char *key, size_t at)
{
    for (size_t i = 0; i < s->lines.count; i++)
        if (str_eq(s->lines.line[i].key, key) && at-- == 0)
            return &s->lines.line[i];
    return NULL;
}

size_t sheet_count(const struct sheet *s, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < s->lines.count; i++)
        n += str_eq(s->lines.line[i].key, key) ? 1 : 0;
    return n;
}

const char *sheet_text(const struct sheet *s, const char *path)
{
    const struct adapt_line *line = adapt_line_of(s->lines, path);
    return line == NULL ? "" : line->text;
}

const char *sheet_tail(const struct adapt_line *line)
{
    const char *slash = strrchr(line->path, '/');
    return slash == NULL ? line->path : slash + 1;
}

const char *sheet_stop(const struct sheet *s, const struct adapt_line *control)
{
    char path[ADAPT_PATH_MAX];
    if (!str_eq(control->key, "control") ||
        !str_format(path, sizeof path, "stop_point/%s", sheet_tail(control)))
        return "";
    return sheet_text(s, path);
}

/* ---- the register ---- */

static const char *sheet_kit_name(struct app *app, struct arena *a, const struct sheet_kit *k,
                                  bool many)
{
    const struct kind *kind = content_kind(app->content, k->kind);
    const char *name = kind == NULL ? k->name : many ? kind->plural : kind->name;
    char *lower = arena_strdup(a, name);
    /* «Pressure cooker» inside a sentence; «LPG cabinet» and «UV lamp» stay as they are. */
    if (lower != NULL && lower[0] >= 'A' && lower[0] <= 'Z' && (lower[1] < 'A' || lower[1] > 'Z'))
        lower[0] = (char)(lower[0] - 'A' + 'a');
    return lower == NULL ? name : lower;
}

static const char *sheet_kit_words(struct app *app, struct arena *a, const struct sheet_kit *k)
{
    const char *one = sheet_kit_name(app, a, k, false);
    const char *many = sheet_kit_name(app, a, k, true);
    const char *words = NULL;
    size_t good = k->have - k->stopped;
    if (k->kind[0] == '\0')
        return "";
    if (k->have == 0)
        words = arena_printf(a, "No %s on this school's register", one);
    else if (good == 0 && k->have == 1)
        words = arena_printf(a, "Do not use: the only %s", one);
    else if (good == 0)
        words = arena_printf(a, "Do not use: none of the %zu %s", k->have, many);
    else if (k->stopped > 0)
        words = arena_printf(a, "Do not use: %zu of the %zu %s", k->stopped, k->have, many);
    else if (good < k->need)
        words = arena_printf(a, "%zu %s needed, %zu on the register", k->need, many, good);
    return words == NULL ? "" : words;
}

static enum err sheet_kit_count(struct app *app, struct arena *a, const struct item *items,
                                size_t count, struct sheet_kit *k, struct why *why)
{
    for (size_t i = 0; i < count; i++) {
        struct status status;
        if (items[i].retired || !str_eq(items[i].kind, k->kind))
            continue;
        enum err rc = parts_status(app, &items[i], a, &status, why);
        if (rc != ERR_OK)
            return rc;
        bool stopped = status.use == USE_DO_NOT;
        if (k->open == NULL || (stopped && k->stopped == 0))
            k->open = items[i].id;
        k->have++;
        k->stopped += stopped ? 1 : 0;
    }
    return ERR_OK;
}

static enum err sheet_read_kits(struct app *app, struct arena *a, struct sheet *s, struct why *why)
{
    struct item *items = NULL;
    size_t count = 0;
    size_t wanted = sheet_count(s, "equipment");
    s->kits = arena_array(a, wanted + 1, sizeof *s->kits);
    s->kit_count = 0;
    if (s->kits == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the equipment");
    if (wanted == 0)
        return ERR_OK;
    enum err rc = query_items(&app->store, "", a, &items, &count, why);
    for (size_t i = 0; rc == ERR_OK && i < wanted; i++) {
        const struct adapt_line *line = sheet_line(s, "equipment", i);
        struct sheet_kit *k = &s->kits[s->kit_count++];
        *k = (struct sheet_kit){ .kind = sheet_tail(line), .name = line->text, .words = "" };
        const struct kind *kind = content_kind(app->content, k->kind);
        if (kind == NULL)
            k->kind = "";
        else if (str_eq(k->name, k->kind))
            k->name = kind->name;
        for (size_t e = 0; s->has_model && e < s->model.equipment_count; e++)
            if (str_eq(s->model.equipment[e].kind, k->kind))
                k->need = strtoul(s->model.equipment[e].need, NULL, 10);
        if (k->kind[0] != '\0')
            rc = sheet_kit_count(app, a, items, count, k, why);
        k->words = sheet_kit_words(app, a, k);
        k->tone = k->words[0] == '\0' ? TONE_GOOD : k->stopped > 0 ? TONE_BAD : TONE_DUE;
        if (k->have == 0)
            k->tone = k->kind[0] == '\0' ? TONE_MUTED : TONE_BAD;
    }
    return rc;
}

/* ---- chemicals ---- */

/* "hydrochloric-acid#2" is the second use of it. */
static const char *sheet_chemical_id(struct arena *a, const char *path)
{
    const char *from = path + strlen("chemical/");
    return arena_strndup(a, from, strcspn(from, "/#"));
}

static bool sheet_is_conc(const struct adapt_line *line)
{
    return str_eq(line->key, "chemical") && str_eq(sheet_tail(line), "conc");
}

static const char *sheet_volume(const struct sheet *s, const struct adapt_line *conc)
{
    char path[ADAPT_PATH_MAX];
    size_t stem = strlen(conc->path) - strlen("conc");
    if (!str_format(path, sizeof path, "%.*svolume", (int)stem, conc->path))
        return "";
    return sheet_text(s, path);
}

/* Before the worst that is known: what was withdrawn, then what nobody here knows. */
#define SHEET_RANK_WITHDRAWN UINT_MAX
#define SHEET_RANK_UNKNOWN (UINT_MAX - 1)

static void sheet_chemical(struct app *app, struct arena *a, const struct sheet *s,
                           const struct adapt_line *line, struct sheet_chemical *c)
{
    struct doc *d = arena_array(a, 1, sizeof *d);
    struct chemical *chemical = arena_array(a, 1, sizeof *chemical);
    *c = (struct sheet_chemical){ .id = sheet_chemical_id(a, line->path),
                                  .strength = line->text,
                                  .volume = sheet_volume(s, line),
                                  .rank = SHEET_RANK_UNKNOWN,
                                  .says = "No page for it here: ask" };
    c->name = c->id == NULL ? line->path : c->id;
    if (d == NULL || chemical == NULL || c->id == NULL ||
        content_doc(app->content, c->id, a, d, NULL) != ERR_OK ||
        chemical_from_doc(a, d, chemical, NULL) != ERR_OK)
        return;
    c->found = true;
    c->name = chemical->name;
    /* «Ethanol (IDA) pure» says nothing; a form such as «solid» does. */
    c->plain = str_eq(line->unit, "pure") || (line->unit[0] == '\0' && str_eq(line->text, "pure"));
    c->at = chemical_band(chemical, line->amount, line->unit[0] == '\0' ? line->text : line->unit);
    c->rank = chemical_rank(c->at.band);
    c->says = chemical_says(&c->at);
    bool stopped = recall_stops(app, c->id, d->overrides) != NULL;
    c->withdrawn = d->withdrawn[0] != '\0' || stopped;
    if (c->withdrawn) {
        c->says = stopped ? "Stopped by a notice: do not use" : "Withdrawn: do not use";
        c->rank = SHEET_RANK_WITHDRAWN;
    }
}

/* Worst first; of the same, as written. */
static void sheet_sort(struct sheet_chemical *c, size_t count)
{
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && c[k].rank > c[k - 1].rank; k--) {
            struct sheet_chemical held = c[k];
            c[k] = c[k - 1];
            c[k - 1] = held;
        }
}

static enum err sheet_read_chemicals(struct app *app, struct arena *a, struct sheet *s,
                                     struct why *why)
{
    s->chemicals = arena_array(a, sheet_count(s, "chemical") + 1, sizeof *s->chemicals);
    s->chemical_count = 0;
    if (s->chemicals == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the chemicals");
    for (size_t i = 0; i < s->lines.count; i++)
        if (sheet_is_conc(&s->lines.line[i]))
            sheet_chemical(app, a, s, &s->lines.line[i], &s->chemicals[s->chemical_count++]);
    sheet_sort(s->chemicals, s->chemical_count);
    return ERR_OK;
}

/* ---- all of it ---- */

static enum err sheet_read_model(struct app *app, struct arena *a, const char *doc,
                                 struct sheet *out, struct why *why)
{
    enum err rc = content_doc(app->content, doc, a, &out->doc, why);
    if (rc == ERR_OK)
        rc = assessment_from_doc(a, &out->doc, &out->model, why);
    out->has_model = rc == ERR_OK;
    return rc;
}

static enum err sheet_read_around(struct app *app, struct arena *a, struct sheet *s,
                                  struct why *why)
{
    enum err rc = sheet_read_kits(app, a, s, why);
    if (rc == ERR_OK)
        rc = sheet_read_chemicals(app, a, s, why);
    if (rc == ERR_OK)
        rc = sheet_read_holders(app, a, s, why);
    s->trigger_count = 0;
    if (rc == ERR_OK && s->has_model)
        rc = query_review_triggers(&app->store, app->content, s->doc.id, app->today, a,
                                   &s->triggers, &s->trigger_count, why);
    s->incident_count = 0;
    if (rc == ERR_OK && s->has_model)
        rc = query_incidents(&app->store, s->doc.id, a, &s->incidents, &s->incident_count, why);
    return rc;
}

enum err sheet_read(struct app *app, struct arena *a, const char *doc, struct sheet *out,
                    struct why *why)
{
    *out = (struct sheet){ .needs = "" };
    enum err rc = sheet_read_model(app, a, doc, out, why);
    if (rc == ERR_OK)
        rc = adapt_lines(a, &out->model, "", &out->lines, why);
    if (rc != ERR_OK)
        return rc;
    out->mode = out->model.mode;
    out->level = out->model.level;
    return sheet_read_around(app, a, out, why);
}

static enum assessment_level sheet_level(const char *words)
{
    for (int i = ASSESSMENT_ROUTINE; i < ASSESSMENT_STOP_POINTS; i++)
        if (str_eq(words, assessment_level_words((enum assessment_level)i)) ||
            str_eq(words, assessment_level_id((enum assessment_level)i)))
            return (enum assessment_level)i;
    /* What cannot be read is taken for the worst. */
    return ASSESSMENT_STOP_POINTS;
}

static enum assessment_mode sheet_mode(const char *words)
{
    for (int i = ASSESSMENT_PUPILS; i < ASSESSMENT_STAFF; i++)
        if (str_eq(words, assessment_mode_words((enum assessment_mode)i)) ||
            str_eq(words, assessment_mode_id((enum assessment_mode)i)))
            return (enum assessment_mode)i;
    return ASSESSMENT_STAFF;
}

enum err sheet_read_copy(struct app *app, struct arena *a, const struct adaptation *x,
                         struct sheet *out, struct why *why)
{
    *out = (struct sheet){ .needs = "" };
    if (sheet_read_model(app, a, x->model, out, why) != ERR_OK)
        *out = (struct sheet){ .needs = "" };
    out->lines = x->mine;
    out->level = sheet_level(sheet_text(out, "level"));
    out->mode = sheet_mode(sheet_text(out, "mode"));
    return sheet_read_around(app, a, out, why);
}

/* ---- the first screen ---- */

static enum ui_tone sheet_level_tone(enum assessment_level level)
{
    switch (level) {
    case ASSESSMENT_ROUTINE:
        return TONE_INFO;
    case ASSESSMENT_CARE:
        return TONE_DUE;
    case ASSESSMENT_STOP_POINTS:
        return TONE_BAD;
    }
    return TONE_BAD;
}

static void sheet_face_kits(struct app *app, const struct sheet *s, struct face *f)
{
    const char *missing = "";
    size_t none = 0;
    for (size_t i = 0; i < s->kit_count; i++) {
        const struct sheet_kit *k = &s->kits[i];
        if (k->words[0] == '\0')
            continue;
        none += k->have == 0 ? 1 : 0;
        if (k->have == 0)
            missing = ui_text_f(app->ui, "%s%s%s", missing, missing[0] == '\0' ? "" : ", ",
                                sheet_kit_name(app, ui_arena(app->ui), k, false));
        else
            sheet_alert(f, ui_text_f(app->ui, "kit%zu", i), FACE_PART_READY, k->words, k->tone);
    }
    if (missing[0] != '\0')
        sheet_alert_brief(f, "missing", FACE_PART_READY,
                          ui_text_f(app->ui, "Not on the register: %s", missing),
                          ui_text_f(app->ui,
                                    none == 1 ? "Not on the register: %zu thing it needs"
                                              : "Not on the register: %zu things it needs",
                                    none),
                          TONE_BAD);
}

static void sheet_group(struct face *f, struct face_group g)
{
    if (f->group_count < FACE_GROUPS_MAX)
        f->groups[f->group_count++] = g;
}

/* What is worn: together, as they are put on together. */
static void sheet_face_ppe(struct app *app, const struct sheet *s, struct face *f)
{
    size_t count = sheet_count(s, "ppe");
    for (size_t from = 0; from < count; from += FACE_GROUP_SIGNS) {
        struct face_group g = { .id = ui_text_f(app->ui, "ppe%zu", from), .wear = true };
        for (size_t i = from; i < count && g.count < FACE_GROUP_SIGNS; i++) {
            const char *sign = sheet_tail(sheet_line(s, "ppe", i));
            g.signs[g.count++] = sign;
            g.words = g.words == NULL ? sign_words(sign)
                                      : ui_text_f(app->ui, "%s, %s", g.words, sign_words(sign));
        }
        sheet_group(f, g);
    }
}

static void sheet_face_chemical(struct app *app, const struct sheet_chemical *c, size_t at,
                                struct face *f)
{
    struct face_group g = { .id = ui_text_f(app->ui, "chemical%zu", at),
                            .doc = c->found ? c->id : NULL,
                            .text = c->strength,
                            .chemical = true,
                            .bad = c->withdrawn || !c->found };
    g.words =
        ui_text_f(app->ui, "%s%s%s", c->name, c->plain ? "" : " ", c->plain ? "" : c->strength);
    for (size_t i = 0; c->found && !c->withdrawn && i < c->at.band->pictogram_count; i++)
        if (g.count < FACE_GROUP_SIGNS)
            g.signs[g.count++] = c->at.band->pictograms[i];
    if (g.count == 0)
        g.words = ui_text_f(app->ui, "%s. %s", g.words, c->says);
    sheet_group(f, g);
}

/* In the table at its strength, and without a label there. */
static bool sheet_unlabelled(const struct sheet_chemical *c)
{
    return c->found && c->rank == 0 && chemical_known(&c->at);
}

/* What has no label: one by its own page; several together, as the same is said of all of them. */
static void sheet_face_unlabelled(struct app *app, const struct sheet *s, struct face *f)
{
    struct face_group g = { .id = "unlabelled", .part = FACE_PART_CHEMICALS, .chemical = true };
    const char *names = "";
    size_t count = 0;
    for (size_t i = 0; i < s->chemical_count; i++)
        count += sheet_unlabelled(&s->chemicals[i]) ? 1 : 0;
    for (size_t i = 0; i < s->chemical_count; i++) {
        const struct sheet_chemical *c = &s->chemicals[i];
        if (c->rank > 0 || !c->found)
            continue;
        if (count < 2 || !sheet_unlabelled(c))
            sheet_face_chemical(app, c, i, f);
        else
            names = ui_text_f(app->ui, "%s%s%s%s%s", names, names[0] == '\0' ? "" : ", ", c->name,
                              c->plain ? "" : " ", c->plain ? "" : c->strength);
    }
    g.words = ui_text_f(app->ui, "No GHS label: still wear eye protection. %s", names);
    if (names[0] != '\0')
        sheet_group(f, g);
}

static void sheet_face_signs(struct app *app, const struct sheet *s, struct face *f)
{
    sheet_face_ppe(app, s, f);
    for (size_t i = 0; i < s->chemical_count; i++)
        if (s->chemicals[i].rank > 0 || !s->chemicals[i].found)
            sheet_face_chemical(app, &s->chemicals[i], i, f);
    for (size_t i = 0; i < sheet_count(s, "sign"); i++) {
        const char *sign = sheet_tail(sheet_line(s, "sign", i));
        sheet_group(f, (struct face_group){ .id = ui_text_f(app->ui, "sign%zu", i),
                                            .signs = { sign },
                                            .count = 1,
                                            .words = sign_words(sign) });
    }
    sheet_face_unlabelled(app, s, f);
}

/* On a small panel one word, as who may do it stands in words beside it. */
static const char *sheet_mode_words(struct app *app, enum assessment_mode mode)
{
    bool roomy = !ui_small(app->ui) && !ui_portrait(app->ui);
    switch (mode) {
    case ASSESSMENT_DEMONSTRATION:
        return roomy ? assessment_mode_words(mode) : "Demo only";
    case ASSESSMENT_PUPILS:
    case ASSESSMENT_TECHNICIAN:
    case ASSESSMENT_STAFF:
        break;
    }
    return assessment_mode_words(mode);
}

void sheet_face(struct app *app, const struct sheet *s, struct face *out)
{
    struct ui *ui = app->ui;
    size_t count = sheet_count(s, "do_not");
    const char **lines = arena_array(ui_arena(ui), count + 1, sizeof *lines);
    for (size_t i = 0; lines != NULL && i < count; i++)
        lines[i] = sheet_line(s, "do_not", i)->text;
    out->level = assessment_level_words(s->level);
    out->level_tone = sheet_level_tone(s->level);
    out->mode = sheet_mode_words(app, s->mode);
    out->mode_tone = s->mode == ASSESSMENT_PUPILS ? TONE_INFO : TONE_DUE;
    out->example =
        s->has_model && s->doc.example[0] != '\0' ? "Example: not adopted by any employer" : "";
    out->do_nots = lines;
    out->do_not_count = lines == NULL ? 0 : count;
    out->who = sheet_text(s, "who");
    out->if_wrong = sheet_text(s, "if_wrong");
    out->todo = sheet_card_todo(app, s);
    out->ready = sheet_card_ready(app, s);
    sheet_face_kits(app, s, out);
    sheet_face_signs(app, s, out);
}
