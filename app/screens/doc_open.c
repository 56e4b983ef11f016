#include "app/screens/doc_open.h"

#include "app/router.h"
#include "app/screens/handoff.h"
#include "platform/base/str.h"

/* The kinds that have a page of their own. */
static const struct {
    const char *kind, *screen;
} pages[] = {
    { "assessment", "assessment" },
    { "chemical", "chemical" },
};

void doc_open(struct app *app, const char *id)
{
    struct route route = { .doc = id };
    struct doc_head *heads = NULL;
    size_t count = 0;
    const char *screen = "reader";
    struct arena a;

    /* The heads of its versions alone: a long text is read once, by the page that shows it. */
    arena_init(&a, (size_t)1024 * 1024);
    if (content_layers(app->content, id, &a, &heads, &count, NULL) == ERR_OK && count > 0 &&
        !heads[0].withdrawn)
        for (size_t i = 0; i < COUNT_OF(pages); i++)
            if (str_eq(heads[0].kind, pages[i].kind))
                screen = pages[i].screen;
    arena_done(&a);
    router_push(app, screen, &route);
}

void doc_open_of(struct app *app, const char *id, const char *layer)
{
    router_push(app, "reader", &(struct route){ .doc = id, .text2 = layer });
}

bool doc_follow(struct app *app, const char *href, const char *title)
{
    if (str_starts(href, "doc:") && href[4] != '\0')
        doc_open(app, href + 4);
    else if (str_starts(href, "#") && href[1] != '\0')
        doc_open(app, href + 1);
    else if (str_starts(href, "https://") || str_starts(href, "http://"))
        handoff_open(app, HANDOFF_LINK, title, href);
    else if (str_starts(href, "mailto:"))
        handoff_open(app, HANDOFF_MAIL, title, href);
    else
        return false;
    return true;
}
