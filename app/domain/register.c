#include "app/domain/register.h"

#include <string.h>

#include "platform/base/str.h"

/* Whether x comes after y: by (hlc, device, seq). */
static bool register_after(const struct register_line *x, const struct register_line *y)
{
    int by_hlc = strcmp(x->hlc, y->hlc);
    int by_device = strcmp(x->device, y->device);

    if (by_hlc != 0)
        return by_hlc > 0;
    if (by_device != 0)
        return by_device > 0;
    return x->seq > y->seq;
}

/* Whether line names event among those that it replaces, and is another line. */
static bool line_replaces(const struct register_line *line, const char *event)
{
    if (str_eq(line->event, event))
        return false;
    for (size_t i = 0; i < line->replaces_count; i++)
        if (str_eq(line->replaces[i], event))
            return true;
    return false;
}

bool register_replaced(const struct register_line *lines, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++)
        if (str_eq(lines[j].subject, lines[i].subject) && line_replaces(&lines[j], lines[i].event))
            return true;
    return false;
}

size_t register_in_force(const struct register_line *lines, size_t count)
{
    size_t best = REGISTER_NONE;
    bool best_replaced = false;

    for (size_t i = 0; i < count; i++) {
        bool replaced = register_replaced(lines, count, i);
        bool better = best == REGISTER_NONE || (best_replaced && !replaced) ||
                      (best_replaced == replaced && register_after(&lines[i], &lines[best]));

        if (better) {
            best = i;
            best_replaced = replaced;
        }
    }
    return best;
}

void register_label_key(char out[REGISTER_LABEL_MAX + 1], const char *label)
{
    size_t len;

    label += strspn(label, " ");
    (void)str_copy(out, REGISTER_LABEL_MAX + 1, label);
    len = strlen(out);
    while (len > 0 && out[len - 1] == ' ')
        out[--len] = '\0';
    for (size_t i = 0; i < len; i++)
        if (out[i] >= 'a' && out[i] <= 'z')
            out[i] = (char)(out[i] - 'a' + 'A');
}

/* Whether an item carries the label of that key before row end. */
static bool label_seen(const struct register_label *labels, size_t end, const char *key,
                       const char *item)
{
    char other[REGISTER_LABEL_MAX + 1];

    for (size_t i = 0; i < end; i++) {
        if (!str_eq(labels[i].item, item))
            continue;
        register_label_key(other, labels[i].label);
        if (strcmp(other, key) == 0)
            return true;
    }
    return false;
}

size_t register_label_items(const struct register_label *labels, size_t count, const char *label,
                            const char **out_item)
{
    char key[REGISTER_LABEL_MAX + 1];
    const char *item = NULL;
    size_t items = 0;

    register_label_key(key, label);
    for (size_t i = 0; i < count && key[0] != '\0'; i++) {
        char other[REGISTER_LABEL_MAX + 1];

        register_label_key(other, labels[i].label);
        if (strcmp(other, key) != 0 || label_seen(labels, i, key, labels[i].item))
            continue;
        item = labels[i].item;
        items++;
    }
    if (out_item != NULL)
        *out_item = items == 1 ? item : NULL;
    return items;
}

static bool badge_replaced(const struct register_badge *badges, size_t count, size_t i)
{
    for (size_t j = 0; j < count; j++)
        if (line_replaces(&badges[j].line, badges[i].line.event))
            return true;
    return false;
}

size_t register_badge_of(const struct register_badge *badges, size_t count, const char *person)
{
    size_t best = REGISTER_NONE;

    for (size_t i = 0; i < count; i++) {
        if (!str_eq(badges[i].line.subject, person) || badge_replaced(badges, count, i))
            continue;
        if (best == REGISTER_NONE || register_after(&badges[i].line, &badges[best].line))
            best = i;
    }
    return best;
}

enum register_holder register_badge_holder(const struct register_badge *badges, size_t count,
                                           const char *code, const char **out_person)
{
    const char *person = NULL;

    *out_person = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!str_eq(badges[i].code, code) ||
            register_badge_of(badges, count, badges[i].line.subject) != i)
            continue;
        if (person != NULL)
            return HOLDER_SEVERAL; /* one badge counts a person, so this is another one's */
        person = badges[i].line.subject;
    }
    *out_person = person;
    return person == NULL ? HOLDER_NOBODY : HOLDER_ONE;
}
