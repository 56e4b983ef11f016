/* What a form may ask the store: facts of the item, its past readings, what a scanned code is, what the register holds.
   Each is read once and kept until the store changes: a form is judged at every tap. */
#include <string.h>

#include "app/domain/caldate.h"
#include "app/screens/check.h"
#include "platform/base/str.h"

enum { FACTS_SERIES_MAX = 200 };

static const char *facts_item(void *ctx, const char *field)
{
    const struct check_state *s = ctx;
    const struct item *i = &s->item;
    const struct {
        const char *name, *value;
    } plain[] = { { "label", i->label },   { "name", i->name },   { "kind", i->kind },
                  { "detail", i->detail }, { "room", i->room },   { "shelf", i->shelf },
                  { "maker", i->maker },   { "model", i->model }, { "serial", i->serial },
                  { "school", i->school } };
    for (size_t k = 0; k < COUNT_OF(plain); k++)
        if (str_eq(field, plain[k].name))
            return plain[k].value;
    const char *value = fact_value(s->item_facts, s->item_fact_count, field);
    return value[0] == '\0' ? NULL : value;
}

/* A thing that was looked up before; false when it was not. */
static bool facts_known(const struct check_state *s, const char *name, const char **out)
{
    for (const struct check_fact *f = s->known; f != NULL; f = f->next) {
        if (!str_eq(f->name, name))
            continue;
        *out = f->value;
        return true;
    }
    return false;
}

static const char *facts_learn(struct check_state *s, const char *name, const char *value)
{
    struct check_fact *f = arena_alloc(&s->learned, sizeof *f);
    if (f == NULL)
        return value;
    *f = (struct check_fact){ .name = arena_strdup(&s->learned, name),
                              .value = value,
                              .next = s->known };
    if (f->name != NULL)
        s->known = f;
    return value;
}

/* The last n values of a reading, newest first, parted by spaces; NULL when there are none. */
static const char *facts_series_read(struct check_state *s, const char *reading, size_t n)
{
    struct reading *rows = NULL;
    size_t count = 0;
    struct why why;
    char *text = NULL;
    size_t used = 0;
    size_t size = n * 32 + 1;
    if (query_readings(&s->app->store, s->item.id, s->base->id, reading, &s->learned, &rows, &count,
                       &why) != ERR_OK ||
        count == 0)
        return NULL;
    text = arena_alloc(&s->learned, size);
    for (size_t i = count; text != NULL && i > 0 && count - i < n; i--) {
        if (!str_format(text + used, size - used, "%s%s", used == 0 ? "" : " ", rows[i - 1].text))
            break;
        used += strlen(text + used);
    }
    return text;
}

static const char *facts_series(void *ctx, const char *reading, size_t n)
{
    struct check_state *s = ctx;
    char key[CHECK_KEY_MAX];
    const char *value = NULL;
    n = n > FACTS_SERIES_MAX ? FACTS_SERIES_MAX : n;
    if (!str_format(key, sizeof key, "series:%zu:%s", n, reading))
        return NULL;
    if (facts_known(s, key, &value))
        return value;
    return facts_learn(s, key, facts_series_read(s, reading, n));
}

static const char *facts_last(void *ctx, const char *reading)
{
    return facts_series(ctx, reading, 1);
}

static const char *facts_stock_read(struct check_state *s, const char *kind)
{
    struct item *items = NULL;
    size_t count = 0;
    struct why why;
    struct buf text;
    buf_init(&text, 64 * 1024);
    if (query_items(&s->app->store, "", &s->learned, &items, &count, &why) != ERR_OK)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (str_eq(items[i].kind, kind) && !items[i].retired && items[i].label[0] != '\0')
            buf_printf(&text, "%s%s", text.len == 0 ? "" : " ", items[i].label);
    const char *out = text.len == 0 ? NULL : arena_strndup(&s->learned, text.data, text.len);
    buf_free(&text);
    return out;
}

static const char *facts_stock(void *ctx, const char *kind)
{
    struct check_state *s = ctx;
    char key[CHECK_KEY_MAX];
    const char *value = NULL;
    if (!str_format(key, sizeof key, "stock:%s", kind))
        return NULL;
    if (facts_known(s, key, &value))
        return value;
    return facts_learn(s, key, facts_stock_read(s, kind));
}

/* A row for a person keeps the person's id and never the badge's code, which is in no record. */
static bool facts_thing_read(struct check_state *s, const char *code, struct form_thing *out)
{
    struct person p;
    bool found = false;
    struct why why;
    if (query_person(&s->app->store, code, &s->learned, &p, NULL) == ERR_OK) {
        *out = (struct form_thing){ .known = true,
                                    .item = p.id,
                                    .kind = "person",
                                    .name = p.name,
                                    .label = "",
                                    .serial = "",
                                    .calibrated_day = CALDATE_NONE,
                                    .calibration_due = CALDATE_NONE };
        return true;
    }
    return query_thing(&s->app->store, s->app->content, code, s->app->today, &s->learned, out,
                       &found, &why) == ERR_OK &&
           found;
}

bool check_thing(struct check_state *s, const char *code, struct form_thing *out)
{
    for (const struct check_thing *t = s->things; t != NULL; t = t->next) {
        if (!str_eq(t->code, code))
            continue;
        *out = t->thing;
        return t->found;
    }
    struct check_thing *t = arena_alloc(&s->learned, sizeof *t);
    struct form_thing thing = { .known = false };
    bool found = facts_thing_read(s, code, &thing);
    if (t != NULL && str_copy(t->code, sizeof t->code, code)) {
        t->found = found;
        t->thing = thing;
        t->next = s->things;
        s->things = t;
    }
    *out = thing;
    return found;
}

static bool facts_thing(void *ctx, const char *code, struct form_thing *out)
{
    return check_thing(ctx, code, out);
}

void check_forget(struct check_state *s)
{
    s->things = NULL;
    s->known = NULL;
    arena_reset(&s->learned);
}

enum err check_open_facts(struct app *app, struct check_state *s)
{
    struct fact *facts = NULL;
    enum err rc =
        query_facts(&app->store, s->item.id, &s->arena, &facts, &s->item_fact_count, &s->why);
    s->item_facts = facts;
    if (rc == ERR_OK)
        rc = store_get(&app->store, "language", &s->arena, &s->language, &s->why);
    return rc;
}

void check_read_facts(struct app *app, struct check_state *s)
{
    int seconds = (int)(app->now.wall_ms / 1000 % 60);
    caldate_iso(s->today, app->today);
    (void)str_format(s->now, sizeof s->now, "%sT%02d:%02d:%02d", s->today, app->minutes / 60,
                     app->minutes % 60, seconds);
    s->facts = (struct form_facts){
        .today = s->today,
        .item = facts_item,
        .last = facts_last,
        .ctx = s,
        .now = s->now,
        .language = s->language,
        .series = facts_series,
        .thing = facts_thing,
        .stock = facts_stock,
        .nuclides = content_nuclides(app->content),
    };
}
