#include "app/domain/assessment.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"

/* The reading of one document: the first fault stays. */
struct reading {
    struct arena *a;
    const struct doc *doc;
    enum err rc;
    struct why *why;
};

static void reading_refuse(struct reading *r, const struct doc_node *node, const char *what)
{
    if (r->rc == ERR_OK)
        r->rc = why_set(r->why, ERR_INPUT, 0, "%s line %u: %s", r->doc->id,
                        node != NULL ? node->line : 1, what);
}

static void *reading_array(struct reading *r, size_t count, size_t size)
{
    void *rows = arena_array(r->a, count + 1, size);

    if (rows == NULL && r->rc == ERR_OK)
        r->rc = why_set(r->why, ERR_NOMEM, 0, "no room for an assessment");
    return rows;
}

/* The number of maps or texts under a key; a list past the most that a page can hold is refused. */
static size_t reading_count(struct reading *r, const char *key)
{
    const struct doc_node *node = doc_get(r->doc, key);
    size_t count = doc_node_count(node);

    if (count > ASSESSMENT_LIST_MAX)
        reading_refuse(r, node, "the list is too long");
    return r->rc == ERR_OK ? count : 0;
}

static double reading_number(struct reading *r, const struct doc_node *map, const char *key)
{
    const struct doc_node *node = doc_node_get(map, key);
    double value = NAN;

    if (node == NULL || (node->kind == DOC_NODE_TEXT && node->text[0] == '\0'))
        return NAN;
    if (node->kind != DOC_NODE_TEXT || !str_to_f64(node->text, &value) || value < 0)
        reading_refuse(r, node, "a number was wanted");
    return value;
}

static int reading_int(struct reading *r, const char *key, int most)
{
    const struct doc_node *node = doc_get(r->doc, key);
    int64_t value = 0;

    if (node == NULL || (node->kind == DOC_NODE_TEXT && node->text[0] == '\0'))
        return 0;
    if (node->kind != DOC_NODE_TEXT || !str_to_i64(node->text, &value) || value < 0 || value > most)
        reading_refuse(r, node, "a whole number was wanted");
    return (int)value;
}

static size_t reading_texts(struct reading *r, const char *key, const char ***out)
{
    const struct doc_node *node = doc_get(r->doc, key);
    size_t count = reading_count(r, key);
    const char **texts = reading_array(r, count, sizeof *texts);
    size_t kept = 0;

    for (size_t i = 0; texts != NULL && i < count; i++) {
        const char *text = doc_node_at(node, i);

        if (text == NULL || text[0] == '\0')
            reading_refuse(r, node, "an entry of the list is no text");
        else
            texts[kept++] = text;
    }
    *out = texts;
    return kept;
}

/* Entry i of a list of maps; NULL when it is none. */
static const struct doc_node *reading_map(struct reading *r, const char *key, size_t i)
{
    const struct doc_node *list = doc_get(r->doc, key);

    if (list->kind == DOC_NODE_LIST && list->items[i].kind == DOC_NODE_MAP)
        return &list->items[i];
    reading_refuse(r, list, "an entry of the list wants keys and values");
    return NULL;
}

static const char *reading_needed(struct reading *r, const struct doc_node *map, const char *key)
{
    const char *text = doc_node_text(map, key);

    if (text[0] == '\0' && r->rc == ERR_OK)
        r->rc =
            why_set(r->why, ERR_INPUT, 0, "%s line %u: %s is missing", r->doc->id, map->line, key);
    return text;
}

static void read_hazards(struct reading *r, struct assessment *m)
{
    const struct doc_node *list = doc_get(r->doc, "hazards");
    size_t count = reading_count(r, "hazards");

    m->hazards = reading_array(r, count, sizeof *m->hazards);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map;
        /* Plain texts are signs and stand in doc->hazards. */
        if (list->kind != DOC_NODE_LIST || list->items[i].kind == DOC_NODE_TEXT)
            continue;
        map = reading_map(r, "hazards", i);
        if (map != NULL)
            m->hazards[m->hazard_count++] =
                (struct assessment_hazard){ .what = reading_needed(r, map, "what"),
                                            .who = doc_node_text(map, "who"),
                                            .how = doc_node_text(map, "how") };
    }
}

static const char *const control_ids[] = {
    [ASSESSMENT_SUBSTITUTE] = "substitute",
    [ASSESSMENT_DILUTE] = "dilute",
    [ASSESSMENT_ENCLOSE] = "enclose",
    [ASSESSMENT_VENTILATE] = "ventilate",
    [ASSESSMENT_ARRANGE] = "arrange",
    [ASSESSMENT_METHOD] = "method",
    [ASSESSMENT_PPE] = "ppe",
};

static void read_controls(struct reading *r, struct assessment *m)
{
    size_t count = reading_count(r, "controls");

    m->controls = reading_array(r, count, sizeof *m->controls);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = reading_map(r, "controls", i);
        struct assessment_control *c = &m->controls[i];
        size_t type = 0;

        if (map == NULL)
            return;
        while (type < COUNT_OF(control_ids) &&
               !str_eq(control_ids[type], doc_node_text(map, "type")))
            type++;
        if (type == COUNT_OF(control_ids))
            reading_refuse(r, map, "the control's type is none that is known");
        *c = (struct assessment_control){ .text = reading_needed(r, map, "text"),
                                          .type = (enum assessment_control_type)type,
                                          .stop_point = doc_node_text(map, "stop_point") };
        m->stop_point_count += c->stop_point[0] != '\0' ? 1 : 0;
        m->control_count++;
    }
}

/* «10 cm3»: the number that a volume begins with, and its unit; a number alone is in cubic
   centimetres, as schools measure. */
static void read_volume(struct reading *r, struct assessment_chemical *c)
{
    size_t len = strspn(c->volume, "0123456789.");
    char *number = arena_strndup(r->a, c->volume, len);
    const char *unit = c->volume + len + strspn(c->volume + len, " ");

    c->volume_amount = NAN;
    c->volume_unit = "";
    if (number == NULL || len == 0 || !str_to_f64(number, &c->volume_amount))
        return;
    c->volume_unit = unit[0] != '\0' ? unit : "cm³";
    if (unit[0] == '\0')
        c->volume = arena_printf(r->a, "%s cm³", number);
    if (c->volume == NULL)
        reading_refuse(r, NULL, "no room for a volume");
}

static void read_by_stage(struct reading *r, const struct doc_node *map,
                          struct assessment_chemical *c)
{
    const struct doc_node *stages = doc_node_get(map, "by_stage");
    struct assessment_stage_conc *rows;

    if (stages == NULL || stages->count == 0)
        return;
    if (stages->kind != DOC_NODE_MAP || stages->count > ASSESSMENT_LIST_MAX) {
        reading_refuse(r, stages, "by_stage wants stages with numbers");
        return;
    }
    rows = reading_array(r, stages->count, sizeof *rows);
    for (size_t i = 0; rows != NULL && i < stages->count; i++) {
        const char *stage = stages->items[i].key;

        if (assessment_stage_rank(stage) < 0)
            reading_refuse(r, &stages->items[i], "a stage that is none");
        rows[i] = (struct assessment_stage_conc){ .stage = stage,
                                                  .conc = reading_number(r, stages, stage) };
    }
    c->by_stage = rows;
    c->by_stage_count = rows != NULL ? stages->count : 0;
}

static void read_chemicals(struct reading *r, struct assessment *m)
{
    size_t count = reading_count(r, "chemicals");

    m->chemicals = reading_array(r, count, sizeof *m->chemicals);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = reading_map(r, "chemicals", i);
        struct assessment_chemical *c = &m->chemicals[i];

        if (map == NULL)
            return;
        *c = (struct assessment_chemical){ .chemical = reading_needed(r, map, "chemical"),
                                           .conc = reading_number(r, map, "conc"),
                                           .unit = doc_node_text(map, "unit"),
                                           .volume = doc_node_text(map, "volume"),
                                           .max = reading_number(r, map, "max"),
                                           .makes_safe = doc_node_yes(map, "makes_safe") };
        read_volume(r, c);
        read_by_stage(r, map, c);
        m->chemical_count++;
    }
}

static void read_equipment(struct reading *r, struct assessment *m)
{
    const struct doc_node *list = doc_get(r->doc, "equipment");
    size_t count = reading_count(r, "equipment");

    m->equipment = reading_array(r, count, sizeof *m->equipment);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = list->kind == DOC_NODE_LIST ? &list->items[i] : list;
        struct assessment_equipment *e = &m->equipment[m->equipment_count++];

        *e = (struct assessment_equipment){ .kind = map->text, .need = "", .name = "" };
        if (map->kind == DOC_NODE_MAP)
            *e = (struct assessment_equipment){ .kind = doc_node_text(map, "kind"),
                                                .need = doc_node_text(map, "need"),
                                                .name = doc_node_text(map, "name") };
        if (e->kind[0] == '\0' && e->name[0] == '\0')
            reading_refuse(r, map, "equipment wants a kind or a name");
    }
}

static void read_emergency(struct reading *r, struct assessment *m)
{
    size_t count = reading_count(r, "emergency");

    m->emergency = reading_array(r, count, sizeof *m->emergency);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = reading_map(r, "emergency", i);

        if (map != NULL)
            m->emergency[m->emergency_count++] =
                (struct assessment_emergency){ .see = reading_needed(r, map, "see"),
                                               .act = reading_needed(r, map, "do"),
                                               .then = doc_node_text(map, "then"),
                                               .action = doc_node_text(map, "action") };
    }
}

static void read_quantities(struct reading *r, struct assessment *m)
{
    size_t count = reading_count(r, "quantities");

    m->quantities = reading_array(r, count, sizeof *m->quantities);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = reading_map(r, "quantities", i);

        if (map != NULL)
            m->quantities[m->quantity_count++] =
                (struct assessment_quantity){ .what = reading_needed(r, map, "what"),
                                              .each = doc_node_text(map, "each") };
    }
}

static void read_considerations(struct reading *r, struct assessment *m)
{
    size_t count = reading_count(r, "considerations");

    m->considerations = reading_array(r, count, sizeof *m->considerations);
    for (size_t i = 0; i < count && r->rc == ERR_OK; i++) {
        const struct doc_node *map = reading_map(r, "considerations", i);

        if (map != NULL)
            m->considerations[m->consideration_count++] =
                (struct assessment_consideration){ .tick = reading_needed(r, map, "tick"),
                                                   .adds = reading_needed(r, map, "adds") };
    }
}

static bool words_equal(const char *x, size_t len, const char *y)
{
    if (strlen(y) != len)
        return false;
    for (size_t i = 0; i < len; i++) {
        if (tolower((unsigned char)x[i]) != tolower((unsigned char)y[i]))
            return false;
    }
    return true;
}

static bool block_is_what_to_do(const struct doc_block *b)
{
    return b->kind == DOC_HEADING && b->run_count > 0 &&
           words_equal(b->runs[0].text, b->runs[0].len, "What to do");
}

/* What the reader sets high or low has characters of its own in plain text: «cm³», never «cm3». */
static void block_script(const struct doc_run *run, struct buf *to)
{
    static const uint32_t high[] = { 0x2070, 0xb9,   0xb2,   0xb3,   0x2074,
                                     0x2075, 0x2076, 0x2077, 0x2078, 0x2079 };
    bool low = (run->style & DOC_SUB) != 0;

    for (size_t at = 0; at < run->len;) {
        uint32_t c = utf8_next(run->text, run->len, &at);
        char bytes[4];

        if (c >= '0' && c <= '9')
            c = low ? 0x2080 + (c - '0') : high[c - '0'];
        else if (c == '+')
            c = low ? 0x208a : 0x207a;
        else if (c == '-' || c == 0x2212)
            c = low ? 0x208b : 0x207b;
        buf_add(to, bytes, utf8_put(bytes, c));
    }
}

static void block_text(const struct doc_block *b, struct buf *to)
{
    if (to->len > 0)
        buf_char(to, ' ');
    for (size_t i = 0; i < b->run_count; i++)
        if ((b->runs[i].style & (DOC_SUB | DOC_SUP)) != 0)
            block_script(&b->runs[i], to);
        else
            buf_add(to, b->runs[i].text, b->runs[i].len);
}

/* The steps of the list under «What to do»; a step takes with it whatever stands inside it. */
static void read_steps(struct reading *r, struct assessment *m)
{
    const struct doc *d = r->doc;
    struct buf text;
    size_t at = 0;

    while (at < d->block_count && !block_is_what_to_do(&d->blocks[at]))
        at++;
    m->steps = reading_array(r, d->block_count, sizeof *m->steps);
    if (m->steps == NULL)
        return;
    buf_init(&text, DOC_BYTES_MAX);
    for (at++; at < d->block_count && d->blocks[at].kind != DOC_HEADING; at++) {
        if (d->blocks[at].kind != DOC_STEP || d->blocks[at].level > 0)
            continue;
        buf_reset(&text);
        m->steps[m->step_count].block = at;
        block_text(&d->blocks[at], &text);
        while (at + 1 < d->block_count &&
               (d->blocks[at + 1].level > 0 || d->blocks[at + 1].follows) &&
               d->blocks[at + 1].kind != DOC_HEADING)
            block_text(&d->blocks[++at], &text);
        m->steps[m->step_count].text =
            arena_strndup(r->a, text.data != NULL ? text.data : "", text.len);
        if (m->steps[m->step_count++].text == NULL || buf_done(&text, NULL) != ERR_OK)
            reading_refuse(r, NULL, "no room for the steps");
    }
    buf_free(&text);
}

static void read_level(struct reading *r, struct assessment *m)
{
    static const enum assessment_level levels[] = { ASSESSMENT_ROUTINE, ASSESSMENT_CARE,
                                                    ASSESSMENT_STOP_POINTS };
    const char *level = doc_text(r->doc, "level");
    size_t at = 0;

    while (at < COUNT_OF(levels) && !str_eq(assessment_level_id(levels[at]), level))
        at++;
    if (at == COUNT_OF(levels))
        reading_refuse(r, doc_get(r->doc, "level"), "level is routine, care or stop-points");
    else
        m->level = levels[at];
    if (!assessment_mode_read(doc_text(r->doc, "mode"), &m->mode))
        reading_refuse(r, doc_get(r->doc, "mode"),
                       "mode is pupils, demonstration, technician or staff");
}

enum err assessment_from_doc(struct arena *a, const struct doc *d, struct assessment *out,
                             struct why *why)
{
    struct reading r = { .a = a, .doc = d, .rc = ERR_OK, .why = why };
    struct assessment m = { .doc = d,
                            .do_nots = d->do_nots,
                            .do_not_count = d->do_not_count,
                            .ppe = d->ppe,
                            .ppe_count = d->ppe_count,
                            .signs = d->hazards,
                            .sign_count = d->hazard_count,
                            .if_wrong = d->if_wrong,
                            .who = d->who,
                            .room_missing = doc_text(d, "room_missing"),
                            .needs = doc_text(d, "needs"),
                            .source_kind = doc_text(d, "source_kind") };

    if (!str_eq(d->kind, "assessment"))
        return why_set(why, ERR_INPUT, 0, "%s is no risk assessment", d->id);
    m.prep = str_eq(doc_text(d, "assessment_kind"), "prep");
    if (m.source_kind[0] == '\0')
        m.source_kind = "model";
    if (m.do_not_count > ASSESSMENT_DO_NOTS_MAX)
        reading_refuse(&r, doc_get(d, "do_nots"), "at most three do-nots: the others are controls");
    read_level(&r, &m);
    read_hazards(&r, &m);
    read_controls(&r, &m);
    read_chemicals(&r, &m);
    read_equipment(&r, &m);
    read_emergency(&r, &m);
    read_quantities(&r, &m);
    read_considerations(&r, &m);
    read_steps(&r, &m);
    m.prep_step_count = reading_texts(&r, "prep", &m.prep_steps);
    m.disposal_count = reading_texts(&r, "disposal", &m.disposal);
    m.room_count = reading_texts(&r, "rooms", &m.rooms);
    m.prep_minutes = reading_int(&r, "prep_minutes", 10000);
    m.groups = reading_int(&r, "groups", ASSESSMENT_GROUPS_MAX);
    if (r.rc == ERR_OK && a->failed)
        r.rc = why_set(why, ERR_NOMEM, 0, "no room for an assessment");
    if (r.rc == ERR_OK)
        *out = m;
    return r.rc;
}
