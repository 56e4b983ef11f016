#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/form_index.h"
#include "app/domain/form_judge.h"

enum { ROUNDS_MAX = FORM_REPEAT_DEPTH + 2 };

struct unfold {
    const struct form *base;
    const struct form_answer *answers;
    size_t count;
    struct arena *a;
    const int *counted; /* by field of the form laid out before; -1 not counted by repeat_count */
    const struct form *before;
    bool crowded; /* laid out before with more rows than may be: no counted copies this time */
    struct form out;
    size_t room;
    size_t *ends; /* by field of the base: the row behind the end of the repeat that begins there */
    struct why *why;
};

int form_place(const struct form *f, size_t self, size_t base_field)
{
    const int *copy = f->fields[self].copy;

    if (f->base == NULL)
        return (int)base_field;
    for (size_t i = f->place_first[base_field]; i < f->place_first[base_field + 1]; i++) {
        const int *other = f->fields[f->places[i]].copy;

        if ((other[0] == 0 || other[0] == copy[0]) && (other[1] == 0 || other[1] == copy[1]))
            return (int)f->places[i];
    }
    return -1;
}

/* "v", "v#2", "v#2.1"; and "r#end" behind the copies of a repeat. */
static const char *copy_name(struct arena *a, const char *name, const int *copy, const char *end)
{
    if (copy[0] == 0)
        return *end == '\0' ? name : arena_printf(a, "%s#%s", name, end);
    if (copy[1] == 0)
        return arena_printf(a, "%s#%d%s%s", name, copy[0], *end != '\0' ? "." : "", end);
    return arena_printf(a, "%s#%d.%d", name, copy[0], copy[1]);
}

static enum err too_many(const struct unfold *u, size_t repeat, const char *what)
{
    return why_set(u->why, ERR_LIMIT, 0,
                   "row %u: the repeat \"%s\" has too many %s; %d at the most",
                   u->base->fields[repeat].row, u->base->fields[repeat].name, what,
                   str_eq(what, "copies") ? FORM_REPEAT_MAX : FORM_FIELDS_MAX);
}

static enum err put(struct unfold *u, size_t origin, const int *copy, int group, const char *name)
{
    struct form_field *to;

    if (u->out.field_count == u->room) {
        size_t room = u->room * 2 < FORM_FIELDS_MAX ? u->room * 2 : FORM_FIELDS_MAX;
        struct form_field *rows;

        if (u->room == FORM_FIELDS_MAX)
            return too_many(u, origin, "rows");
        rows = arena_array(u->a, room, sizeof(*rows));
        if (rows == NULL)
            return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
        memcpy(rows, u->out.fields, u->out.field_count * sizeof(*rows));
        u->out.fields = rows;
        u->room = room;
    }
    if (name == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    to = &u->out.fields[u->out.field_count++];
    *to = u->base->fields[origin];
    to->origin = origin;
    to->group = group;
    to->name = name;
    memcpy(to->copy, copy, sizeof(to->copy));
    return ERR_OK;
}

static const char *answer_named(const struct unfold *u, const char *key)
{
    for (size_t i = 0; i < u->count; i++)
        if (str_eq(u->answers[i].key, key))
            return u->answers[i].value;
    return NULL;
}

/* The highest copy that some answer of the repeat's rows speaks of: "v#3" or "v#2.1". */
static int answered_copies(const struct unfold *u, size_t repeat, const int *outer)
{
    int most = 0;

    for (size_t i = 0; i < u->count; i++) {
        const char *hash = strchr(u->answers[i].key, '#');
        char name[96];
        int field;
        char *at;
        long first, second = 0;

        if (hash == NULL || (size_t)(hash - u->answers[i].key) >= sizeof(name))
            continue;
        memcpy(name, u->answers[i].key, (size_t)(hash - u->answers[i].key));
        name[hash - u->answers[i].key] = '\0';
        first = strtol(hash + 1, &at, 10);
        if (*at == '.')
            second = strtol(at + 1, NULL, 10);
        field = form_field_index(u->base, name);
        while (field >= 0 && u->base->fields[field].repeat != (int)repeat)
            field = u->base->fields[field].repeat;
        if (field < 0)
            continue;
        if (outer[0] > 0)
            first = first == outer[0] ? second : 0;
        if (first > most)
            most = first > FORM_REPEAT_MAX ? FORM_REPEAT_MAX + 1 : (int)first;
    }
    return most;
}

/* How many copies a repeat has: what repeat_count said of it when the form was laid out before, else
   what was answered under its name, else as many as have answers, else one. */
static enum err copies_of(const struct unfold *u, size_t repeat, const int *outer, int *out,
                          bool *out_crowded)
{
    const char *name = copy_name(u->a, u->base->fields[repeat].name, outer, "");
    const char *answer;
    double number;
    int copies;

    if (name == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    answer = answer_named(u, name);
    copies = answered_copies(u, repeat, outer);
    if (u->base->fields[repeat].repeat_count != NULL) {
        int index = u->before != NULL ? form_field_index(u->before, name) : -1;

        copies = index >= 0 && u->counted[index] >= 0 ? u->counted[index] : 0;
        *out_crowded = copies > FORM_REPEAT_MAX || (u->crowded && copies > 0);
        if (*out_crowded)
            copies = 0;
    } else if (answer != NULL && str_to_f64(answer, &number) && number >= 0) {
        copies = number > FORM_REPEAT_MAX ? FORM_REPEAT_MAX + 1 : (int)number;
    } else if (copies == 0) {
        copies = 1;
    }
    if (copies > FORM_REPEAT_MAX)
        return too_many(u, repeat, "copies");
    *out = copies;
    return ERR_OK;
}

static int outer_group(const struct unfold *u, size_t origin, const int *groups)
{
    int group = u->base->fields[origin].group;

    return group < 0 ? -1 : groups[group];
}

static enum err lay(struct unfold *u, size_t from, size_t end, const int *copy, int *groups);

static enum err lay_copy(struct unfold *u, size_t repeat, const int *copy, int *groups, int parent)
{
    const struct form_field *field = &u->base->fields[repeat];
    int number = copy[1] > 0 ? copy[1] : copy[0];
    struct form_field *begin;
    enum err rc = put(u, repeat, copy, parent, copy_name(u->a, field->name, copy, ""));

    if (rc != ERR_OK)
        return rc;
    groups[repeat] = (int)u->out.field_count - 1;
    begin = &u->out.fields[groups[repeat]];
    begin->type = FIELD_BEGIN_GROUP;
    begin->relevant = NULL;
    begin->repeat_count = NULL;
    begin->label = arena_printf(u->a, "%s %d", field->label, number);
    if (begin->label == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    rc = lay(u, repeat + 1, u->ends[repeat] - 1, copy, groups);
    if (rc == ERR_OK)
        rc = put(u, u->ends[repeat] - 1, copy, parent, "");
    if (rc == ERR_OK)
        u->out.fields[u->out.field_count - 1].type = FIELD_END_GROUP;
    return rc;
}

static enum err lay_repeat(struct unfold *u, size_t repeat, const int *outer, int *groups)
{
    const char *name = u->base->fields[repeat].name;
    int copies = 0;
    bool crowded = false;
    int parent;
    enum err rc = copies_of(u, repeat, outer, &copies, &crowded);

    if (rc == ERR_OK)
        rc =
            put(u, repeat, outer, outer_group(u, repeat, groups), copy_name(u->a, name, outer, ""));
    if (rc != ERR_OK)
        return rc;
    parent = (int)u->out.field_count - 1;
    u->out.fields[parent].copies = copies;
    u->out.fields[parent].crowded = crowded;
    for (int k = 1; k <= copies && rc == ERR_OK; k++) {
        int copy[FORM_REPEAT_DEPTH] = { outer[0], outer[1] };

        copy[outer[0] > 0 ? 1 : 0] = k;
        rc = lay_copy(u, repeat, copy, groups, parent);
    }
    if (rc == ERR_OK)
        rc = put(u, u->ends[repeat] - 1, outer, outer_group(u, repeat, groups),
                 copy_name(u->a, name, outer, "end"));
    return rc;
}

static enum err lay(struct unfold *u, size_t from, size_t end, const int *copy, int *groups)
{
    enum err rc = ERR_OK;

    for (size_t i = from; i < end && rc == ERR_OK; i++) {
        const struct form_field *field = &u->base->fields[i];

        if (field->type == FIELD_BEGIN_REPEAT) {
            rc = lay_repeat(u, i, copy, groups);
            i = u->ends[i] - 1;
            continue;
        }
        rc = put(u, i, copy, outer_group(u, i, groups), copy_name(u->a, field->name, copy, ""));
        if (rc == ERR_OK && field->type == FIELD_BEGIN_GROUP)
            groups[i] = (int)u->out.field_count - 1;
    }
    return rc;
}

/* Whether the row stands for its base field when another names it: of a repeat, its copies do. */
static bool is_place(const struct form *base, const struct form_field *field)
{
    enum field_type type = base->fields[field->origin].type;

    return type != FIELD_END_REPEAT &&
           (type != FIELD_BEGIN_REPEAT || field->type == FIELD_BEGIN_GROUP);
}

/* The base's order holds for its copies too: all copies of a field come behind all copies of what
   that field depends on. Rows are sorted by their base field by counting. */
static enum err place_rows(struct unfold *u)
{
    const struct form *base = u->base;
    struct form *out = &u->out;
    size_t *row_next = arena_array(u->a, base->field_count + 1, sizeof(*row_next));
    size_t *first = arena_array(u->a, base->field_count + 1, sizeof(*first));
    size_t *next = arena_array(u->a, base->field_count + 1, sizeof(*next));
    size_t *places = arena_array(u->a, out->field_count + 1, sizeof(*places));
    size_t rows = 0;

    out->order = arena_array(u->a, out->field_count + 1, sizeof(*out->order));
    if (row_next == NULL || first == NULL || next == NULL || places == NULL || out->order == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    for (size_t i = 0; i < out->field_count; i++) {
        row_next[out->fields[i].origin]++;
        first[out->fields[i].origin + 1] += is_place(base, &out->fields[i]) ? 1 : 0;
    }
    for (size_t k = 0; k < base->field_count; k++) {
        size_t count = row_next[base->order[k]];

        row_next[base->order[k]] = rows;
        rows += count;
        first[k + 1] += first[k];
        next[k] = first[k];
    }
    for (size_t i = 0; i < out->field_count; i++) {
        size_t origin = out->fields[i].origin;

        out->order[row_next[origin]++] = i;
        if (is_place(base, &out->fields[i]))
            places[next[origin]++] = i;
    }
    out->place_first = first;
    out->places = places;
    return ERR_OK;
}

static enum err index_rows(struct unfold *u)
{
    enum err rc = form_index_new(u->a, &u->out, u->out.field_count, u->why);

    for (size_t i = 0; i < u->out.field_count && rc == ERR_OK; i++)
        form_index_add(&u->out, i);
    return rc;
}

static enum err lay_out(struct unfold *u)
{
    static const int top[FORM_REPEAT_DEPTH] = { 0 };
    int *groups = arena_array(u->a, u->base->field_count + 1, sizeof(*groups));
    enum err rc;

    u->out = *u->base;
    u->out.base = u->base;
    u->out.field_count = 0;
    u->room = u->base->field_count + 64;
    u->out.fields = arena_array(u->a, u->room, sizeof(*u->out.fields));
    if (groups == NULL || u->out.fields == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    rc = lay(u, 0, u->base->field_count, top, groups);
    if (rc == ERR_OK)
        rc = place_rows(u);
    return rc == ERR_OK ? index_rows(u) : rc;
}

/* Where each repeat ends: the row behind its end_repeat. */
static enum err find_ends(struct unfold *u)
{
    size_t open[FORM_REPEAT_DEPTH + 1];
    size_t depth = 0;

    u->ends = arena_array(u->a, u->base->field_count + 1, sizeof(*u->ends));
    if (u->ends == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    for (size_t i = 0; i < u->base->field_count; i++) {
        if (u->base->fields[i].type == FIELD_BEGIN_REPEAT)
            open[depth++] = i;
        else if (u->base->fields[i].type == FIELD_END_REPEAT)
            u->ends[open[--depth]] = i + 1;
    }
    return ERR_OK;
}

/* Answers of the rows laid out, by their names. */
static const char **values_of(const struct unfold *u, const struct form *laid)
{
    const char **values = arena_array(u->a, laid->field_count + 1, sizeof(*values));

    for (size_t i = 0; values != NULL && i < u->count; i++) {
        int index = form_field_index(laid, u->answers[i].key);

        if (index >= 0)
            values[index] = u->answers[i].value;
    }
    return values;
}

/* What repeat_count says of each repeat of the form as it is laid out now; *out_same: nothing that
   was not known before. */
static enum err count_repeats(const struct unfold *u, const struct form_facts *facts, int *counted,
                              bool *out_same)
{
    const struct form *laid = &u->out;
    const char **values = values_of(u, laid);
    enum err rc;

    if (values == NULL)
        return why_set(u->why, ERR_NOMEM, 0, "no memory to lay the form out");
    rc = form_count(laid, &(struct answers){ values }, facts, u->a, counted, u->why);
    *out_same = true;
    for (size_t i = 0; i < laid->field_count && rc == ERR_OK; i++) {
        if (laid->fields[i].type != FIELD_BEGIN_REPEAT || laid->fields[i].repeat_count == NULL)
            continue;
        if (!laid->fields[i].crowded)
            *out_same = *out_same && counted[i] == laid->fields[i].copies;
    }
    return rc;
}

static bool counts_repeats(const struct form *base)
{
    for (size_t i = 0; i < base->field_count; i++)
        if (base->fields[i].repeat_count != NULL)
            return true;
    return false;
}

enum err form_unfold(const struct form *base, const struct form_answer *answers, size_t count,
                     const struct form_facts *facts, struct arena *a, struct form *out,
                     struct why *why)
{
    struct unfold u = { .base = base, .answers = answers, .count = count, .a = a, .why = why };
    bool settled = !counts_repeats(base);
    struct form *before;
    int *counted;
    enum err rc;

    if (base->repeat_total == 0) {
        *out = *base;
        return ERR_OK;
    }
    rc = find_ends(&u);
    if (rc == ERR_OK)
        rc = lay_out(&u);
    /* An outer count settles in the first round, one that hangs on rows inside it in the next. */
    for (int round = 0; round < ROUNDS_MAX && rc == ERR_OK && !settled; round++) {
        counted = arena_array(a, u.out.field_count + 1, sizeof(*counted));
        before = arena_alloc(a, sizeof(*before));
        if (counted == NULL || before == NULL)
            return why_set(why, ERR_NOMEM, 0, "no memory to lay the form out");
        rc = count_repeats(&u, facts, counted, &settled);
        if (rc != ERR_OK || settled)
            break;
        *before = u.out;
        u.before = before;
        u.counted = counted;
        rc = lay_out(&u);
        if (rc == ERR_LIMIT) {
            u.crowded = true;
            rc = lay_out(&u);
        }
    }
    if (rc == ERR_OK && !settled)
        return why_set(why, ERR_LIMIT, 0, "the number of copies of a repeat never settles");
    if (rc == ERR_OK)
        *out = u.out;
    return rc;
}
