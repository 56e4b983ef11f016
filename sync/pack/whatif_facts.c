#include <stdlib.h>
#include <string.h>

#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/pack/whatif.h"

enum { FACT_ROWS = 1 << 17, FACT_ROWS_MAX = FACT_ROWS / 4 * 3, FACT_TEXT = 64 };

/* One fact of one item, as the latest line that was read has it. */
struct fact_row {
    uint64_t name; /* 0: free */
    struct hlc hlc;
    bool kept; /* false: longer than what a form reckons with */
    char value[FACT_TEXT];
};

struct whatif_facts {
    struct fact_row rows[FACT_ROWS];
    size_t count;
};

/* What a check found goes before what the register says. */
static const char from_check[] = "check", from_register[] = "register";

struct whatif_facts *whatif_facts_new(void)
{
    return calloc(1, sizeof(struct whatif_facts));
}

void whatif_facts_free(struct whatif_facts *f)
{
    free(f);
}

/* Its row, or the free one where it would be; NULL: its names are too long. Eight bytes stand for them. */
static size_t fact_place(const struct whatif_facts *f, const char *from, const char *item,
                         const char *key, uint64_t *out_name)
{
    char text[EVENT_NAME_MAX + 256];
    uint8_t hash[KEYS_HASH];
    uint64_t name = 0;
    size_t at;

    if (!str_format(text, sizeof text, "%s\n%s\n%s", from, item, key))
        return FACT_ROWS;
    keys_sha256(hash, text, strlen(text));
    memcpy(&name, hash, sizeof name);
    name = name != 0 ? name : 1;
    at = (size_t)name % FACT_ROWS;
    while (f->rows[at].name != 0 && f->rows[at].name != name)
        at = (at + 1) % FACT_ROWS;
    *out_name = name;
    return at;
}

static void fact_put(struct whatif_facts *f, const char *from, const struct event *e,
                     const char *key, const char *value)
{
    uint64_t name = 0;
    size_t at = fact_place(f, from, e->subject, key, &name);
    struct fact_row *row = at < FACT_ROWS ? &f->rows[at] : NULL;

    if (row == NULL || value == NULL || (row->name == 0 && f->count == FACT_ROWS_MAX) ||
        (row->name != 0 && hlc_cmp(row->hlc, e->hlc) > 0))
        return;
    f->count += row->name == 0 ? 1 : 0;
    row->name = name;
    row->hlc = e->hlc;
    row->kept = str_copy(row->value, sizeof row->value, value);
}

void whatif_facts_item(struct whatif_facts *f, const struct event *e)
{
    static const char *const plain[] = { "label", "name",  "kind",  "detail", "room",
                                         "shelf", "maker", "model", "serial" };
    const struct json *facts = json_get(e->body, "facts");

    for (size_t i = 0; i < COUNT_OF(plain); i++)
        fact_put(f, from_register, e, plain[i], json_str(e->body, plain[i]));
    for (const struct json *at = facts != NULL ? facts->first : NULL; at != NULL; at = at->next)
        if (at->type == JNODE_STRING && at->key != NULL)
            fact_put(f, from_register, e, at->key, at->text);
}

void whatif_facts_check(struct whatif_facts *f, const struct event *e, const struct check *c)
{
    for (size_t i = 0; i < c->answer_count; i++) {
        const struct check_answer *answer = &c->answers[i];

        if (answer->fact != NULL && *answer->fact != '\0' && answer->value != NULL &&
            *answer->value != '\0')
            fact_put(f, from_check, e, answer->fact, answer->value);
    }
}

/* A line that is later than the record, and came before it, has covered what was known on the day. */
const char *whatif_fact(const struct whatif_facts *f, const struct event *e, const char *key)
{
    const char *const from[] = { from_check, from_register };

    for (size_t i = 0; i < COUNT_OF(from); i++) {
        uint64_t name = 0;
        size_t at = fact_place(f, from[i], e->subject, key, &name);

        if (at == FACT_ROWS || f->rows[at].name == 0)
            continue;
        return f->rows[at].kept && f->rows[at].value[0] != '\0' &&
                       hlc_cmp(f->rows[at].hlc, e->hlc) < 0
                   ? f->rows[at].value
                   : NULL;
    }
    return NULL;
}
