#include "app/typed.h"

#include <string.h>

#include "app/app.h"
#include "platform/base/str.h"

struct typed_field {
    struct typed_field *next;
    const char *id;
    char *text; /* as it was last seen */
    size_t size;
    bool changed; /* by somebody: what a page begins with is not theirs */
};

static const char *typed_word(const char *text)
{
    return text == NULL ? "" : text;
}

/* The page and what it is about. A name that does not fit is kept nowhere, as two could be taken for one. */
static bool typed_page(const struct router_entry *e, char out[TYPED_PAGE_MAX])
{
    const struct route *r = &e->route;
    return str_format(out, TYPED_PAGE_MAX, "%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%u", e->screen->id,
                      typed_word(r->item), typed_word(r->form), typed_word(r->doc),
                      typed_word(r->event), typed_word(r->text), typed_word(r->text2),
                      typed_word(r->text3), r->number);
}

static void typed_drop(struct typed *t, size_t at)
{
    t->count--;
    memmove(&t->rows[at], &t->rows[at + 1], (t->count - at) * sizeof t->rows[0]);
    memset(&t->rows[t->count], 0, sizeof t->rows[0]);
}

static struct typed_field *typed_find(const struct router_entry *e, const char *field)
{
    struct typed_field *f = e->typed;
    while (f != NULL && !str_eq(f->id, field))
        f = f->next;
    return f;
}

/* The first sight of a field. Without memory it is not followed. */
static struct typed_field *typed_add(struct router_entry *e, const char *field, const char *text,
                                     size_t size)
{
    struct typed_field *f = arena_alloc(&e->arena, sizeof *f);
    char *seen = arena_alloc(&e->arena, size);
    const char *id = arena_strdup(&e->arena, field);
    if (f == NULL || seen == NULL || id == NULL)
        return NULL;
    *f = (struct typed_field){ .next = e->typed, .id = id, .text = seen, .size = size };
    (void)str_copy(seen, size, text);
    e->typed = f;
    return f;
}

void typed_begin(struct app *app, const char *field, char *text, size_t size)
{
    struct router_entry *e = router_top(app);
    struct typed *t = &app->typed;
    char page[TYPED_PAGE_MAX];
    if (!e->screen->stays)
        return;
    struct typed_field *f = typed_find(e, field);
    if (f == NULL)
        f = typed_add(e, field, text, size);
    if (f == NULL || f->changed || t->count == 0 || !typed_page(e, page))
        return;
    for (size_t i = t->count; i-- > 0;) {
        struct typed_row *row = &t->rows[i];
        if (app->now.mono_ms - row->at_ms >= TYPED_KEEP_MS) {
            typed_drop(t, i);
            continue;
        }
        if (!str_eq(row->page, page) || !str_eq(row->field, field) ||
            (row->person[0] != '\0' && !str_eq(row->person, app->session.person)))
            continue;
        if (str_copy(f->text, f->size, row->text) && str_copy(text, size, row->text))
            f->changed = true;
        typed_drop(t, i);
        return;
    }
}

void typed_end(struct app *app, const char *field, const char *text, size_t size)
{
    struct router_entry *e = router_top(app);
    struct typed_field *f = e->screen->stays ? typed_find(e, field) : NULL;
    if (f == NULL || f->size != size || str_eq(f->text, text))
        return;
    f->changed = str_copy(f->text, f->size, text);
}

static bool typed_keep(struct app *app, const struct router_entry *e, const struct typed_field *f)
{
    struct typed *t = &app->typed;
    struct typed_row row = { .at_ms = app->now.mono_ms };
    if (!f->changed || f->text[0] == '\0' || !typed_page(e, row.page) ||
        !str_copy(row.field, sizeof row.field, f->id) ||
        !str_copy(row.text, sizeof row.text, f->text) ||
        !str_copy(row.person, sizeof row.person, app->session.person))
        return false;
    (void)str_copy(row.about, sizeof row.about, typed_word(e->route.text));
    for (size_t i = 0; i < t->count; i++) {
        const struct typed_row *old = &t->rows[i];
        if (!str_eq(old->page, row.page) || !str_eq(old->field, row.field) ||
            !str_eq(old->person, row.person))
            continue;
        typed_drop(t, i);
        break;
    }
    if (t->count == TYPED_MAX)
        typed_drop(t, 0);
    t->rows[t->count++] = row;
    return true;
}

bool typed_home(struct app *app)
{
    bool any = false;
    for (size_t i = 0; i < app->router.depth; i++) {
        const struct router_entry *e = &app->router.stack[i];
        for (const struct typed_field *f = e->typed; f != NULL; f = f->next)
            any = typed_keep(app, e, f) || any;
    }
    router_home(app);
    return any;
}

/* What cannot be asked is taken for erased: what is lost is a text that nobody has signed. */
static bool typed_erased(struct app *app, const char *person)
{
    bool erased = true;
    return person[0] != '\0' &&
           (query_erased(&app->store, person, &erased, NULL) != ERR_OK || erased);
}

void typed_forget(struct app *app)
{
    struct typed *t = &app->typed;
    for (size_t i = t->count; i-- > 0;)
        if (typed_erased(app, t->rows[i].person) || typed_erased(app, t->rows[i].about))
            typed_drop(t, i);
}
