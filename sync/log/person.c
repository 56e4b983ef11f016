#include "sync/log/person.h"

#include <errno.h>
#include <string.h>
#include <strings.h>

#include "platform/base/str.h"
#include "sync/log/event.h"

void person_names_init(struct person_names *n, struct arena *a)
{
    *n = (struct person_names){ .a = a };
    n->end = &n->first;
}

/* memmem, which C does not have. */
static bool person_in(const char *text, size_t len, const char *word)
{
    const size_t want = strlen(word);
    const char *const end = text + len;

    while ((size_t)(end - text) >= want && want > 0) {
        text = memchr(text, word[0], (size_t)(end - text) - want + 1);
        if (text == NULL)
            return false;
        if (memcmp(text, word, want) == 0)
            return true;
        text++;
    }
    return false;
}

enum err person_names_line(struct person_names *n, const char *line, size_t len, struct why *why)
{
    struct arena scratch;
    struct event e;
    const char *hash;

    /* Most lines are not parsed for this. */
    if (!person_in(line, len, "\"person.added\""))
        return ERR_OK;
    arena_init(&scratch, EVENT_ARENA);
    enum err rc = ERR_OK;
    if (event_parse(&scratch, line, len, &e, NULL) == ERR_OK && str_eq(e.kind, "person.added") &&
        (hash = json_str(e.body, "name")) != NULL) {
        struct person_name *name = arena_alloc(n->a, sizeof(*name));
        if (name != NULL)
            *name = (struct person_name){ .person = arena_strdup(n->a, e.subject),
                                          .hash = arena_strdup(n->a, hash),
                                          .text = "" };
        if (n->a->failed)
            rc = why_set(why, ERR_NOMEM, 0, "no room for the names");
        else {
            *n->end = name;
            n->end = &name->next;
        }
    }
    arena_done(&scratch);
    return rc;
}

enum err person_names_who(const struct person_names *n, const char *name, const char **out_person,
                          struct why *why)
{
    enum { IDS_MAX = 200 };
    char ids[IDS_MAX] = "";
    const char *person = NULL;

    for (const struct person_name *at = n->first; at != NULL; at = at->next) {
        if (strcasecmp(at->text, name) != 0 || str_eq(person, at->person))
            continue;
        if (strstr(ids, at->person) == NULL)
            (void)str_format(ids + strlen(ids), IDS_MAX - strlen(ids), "%s%s",
                             ids[0] == '\0' ? "" : ", ", at->person);
        if (person == NULL)
            person = at->person;
    }
    if (person == NULL)
        return why_set(why, ERR_NOT_FOUND, 0, "nobody here is called %.100s", name);
    if (strchr(ids, ',') != NULL)
        return why_set(why, ERR_CONFLICT, 0,
                       "several people are called %.100s: give one of %s with --person", name, ids);
    *out_person = person;
    return ERR_OK;
}

bool person_names_has(const struct person_names *n, const char *person)
{
    for (const struct person_name *at = n->first; at != NULL; at = at->next)
        if (str_eq(at->person, person))
            return true;
    return false;
}

void person_out_member(struct person_out *o, const char *key, const char *json)
{
    (void)fprintf(o->to, ",\n\"%s\":%s", key, json);
}

static void person_out_names(struct json_out *j, const char *person, const struct person_names *n)
{
    for (const struct person_name *at = n->first; at != NULL; at = at->next) {
        if (!str_eq(at->person, person))
            continue;
        json_out_object(j, NULL);
        json_out_str(j, "name", at->text);
        json_out_str(j, "hash", at->hash);
        json_out_end_object(j);
    }
}

void person_out_begin(struct person_out *o, FILE *to, const char *person,
                      const struct person_names *n)
{
    enum { NAMES_MAX = 1024 * 1024 };
    struct json_out j;
    struct buf b;

    *o = (struct person_out){ .to = to, .person = person };
    buf_init(&b, NAMES_MAX);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "person", person);
    json_out_array(&j, "names");
    person_out_names(&j, person, n);
    json_out_end_array(&j);
    json_out_end_object(&j);
    /* Its closing brace is the document's, and comes last. */
    if (buf_done(&b, NULL) == ERR_OK)
        (void)fwrite(b.data, 1, b.len - 1, to);
    buf_free(&b);
}

void person_out_lines(struct person_out *o)
{
    (void)fputs(",\n\"lines\":[", o->to);
}

void person_out_line(struct person_out *o, const char *line, size_t len)
{
    if (!person_in(line, len, o->person))
        return;
    (void)fputs(o->lines++ == 0 ? "\n" : ",\n", o->to);
    (void)fwrite(line, 1, len, o->to);
}

enum err person_out_end(struct person_out *o, struct why *why)
{
    (void)fputs("\n]}\n", o->to);
    if (fflush(o->to) == 0 && ferror(o->to) == 0)
        return ERR_OK;
    return why_set(why, ERR_IO, errno, "the answer could not be written");
}
