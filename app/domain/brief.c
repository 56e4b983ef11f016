#include "app/domain/brief.h"

#include <string.h>

#include "platform/base/str.h"

#define BRIEF_MORE " …"

/* Whole characters of the title, as many as `room` bytes hold. */
static const char *brief_title(struct arena *a, const char *title, size_t room)
{
    size_t len = strlen(title);
    if (len <= room)
        return title;
    len = room - strlen("…");
    while (len > 0 && ((unsigned char)title[len] & 0xC0) == 0x80)
        len--;
    return arena_printf(a, "%.*s…", (int)len, title);
}

/* A sentence ends with a full stop, whether whoever wrote it set one or not. */
static const char *brief_stop(const char *text)
{
    size_t len = strlen(text);
    return len > 0 && strchr(".!?", text[len - 1]) != NULL ? "" : ".";
}

const char *brief_text(struct arena *a, const struct brief *b)
{
    char state[40] = "";
    char revision[40];
    if (b->state != NULL)
        (void)str_format(state, sizeof state, "%s, do not use: ", b->state);
    (void)str_format(revision, sizeof revision, ", revision %d.", b->revision);
    size_t kept = strlen(state) + strlen(revision) + (b->do_not_count > 0 ? strlen(BRIEF_MORE) : 0);
    const char *title = brief_title(a, b->title, BRIEF_MAX - kept);
    const char *text = title == NULL ? NULL : arena_printf(a, "%s%s%s", state, title, revision);
    for (size_t i = 0; text != NULL && i < b->do_not_count; i++) {
        bool last = i + 1 == b->do_not_count;
        const char *more =
            arena_printf(a, "%s %s%s", text, b->do_nots[i], brief_stop(b->do_nots[i]));
        if (more == NULL || strlen(more) + (last ? 0 : strlen(BRIEF_MORE)) > BRIEF_MAX) {
            text = more == NULL ? NULL : arena_printf(a, "%s" BRIEF_MORE, text);
            break;
        }
        text = more;
    }
    return text == NULL ? "" : text;
}
