#include "app/domain/form_index.h"

#include <string.h>

#include "platform/base/str.h"

static uint32_t name_hash(const char *name)
{
    uint32_t hash = 2166136261U; /* FNV-1a */

    for (; *name != '\0'; name++)
        hash = (hash ^ (unsigned char)*name) * 16777619U;
    return hash;
}

enum err form_index_new(struct arena *a, struct form *f, size_t count, struct why *why)
{
    size_t size = 16;

    while (size < 2 * count)
        size *= 2;
    f->index = arena_array(a, size, sizeof(*f->index));
    if (f->index == NULL)
        return why_set(why, ERR_NOMEM, 0, "no memory for the form's names");
    f->index_mask = size - 1;
    return ERR_OK;
}

/* The ends of groups and repeats carry the name of what they end, or none. */
static bool is_named(const struct form_field *field)
{
    return field->type != FIELD_END_GROUP && *field->name != '\0';
}

void form_index_add(struct form *f, size_t i)
{
    size_t at = name_hash(f->fields[i].name) & f->index_mask;

    if (!is_named(&f->fields[i]))
        return;
    while (f->index[at] != 0) {
        if (str_eq(f->fields[f->index[at] - 1].name, f->fields[i].name))
            return;
        at = (at + 1) & f->index_mask;
    }
    f->index[at] = (uint32_t)i + 1;
}

int form_field_index(const struct form *f, const char *name)
{
    if (f->index == NULL || *name == '\0')
        return -1;
    for (size_t at = name_hash(name) & f->index_mask; f->index[at] != 0;
         at = (at + 1) & f->index_mask)
        if (str_eq(f->fields[f->index[at] - 1].name, name))
            return (int)f->index[at] - 1;
    return -1;
}
