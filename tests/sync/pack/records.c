/* A history for canny-pack what-if: each case of a list is filled in and written down as the kiosk would.
   records FORM.csv CASES.json FIRST-SEQ: lines of check.recorded on stdout, of the cases that a person
   could sign. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/check.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/log/event.h"
#include "sync/pack/try.h"

struct records {
    struct arena a;
    struct form form;
    const struct nuclides *nuclides;
    uint64_t seq;
    struct why why;
};

static const char device[] = "a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1";

static enum err write_record(struct records *r, const struct check *c)
{
    struct buf body;
    char *line = NULL;
    size_t len = 0;
    enum err rc;

    buf_init(&body, CHECK_BYTES_MAX);
    check_write(c, &body);
    rc = buf_done(&body, &r->why);
    if (rc == ERR_OK)
        rc = event_build(&r->a,
                         &(struct event_draft){ .kind = "check.recorded",
                                                .subject = "0123456789abcdef",
                                                .actor = "fedcba9876543210",
                                                .body = body.data },
                         device, r->seq, (struct hlc){ .ms = (int64_t)r->seq },
                         (struct clock_now){ .wall_ms = (int64_t)c->day * 86400000 },
                         "0000000000000000000000000000000000000000000000000000000000000000", &line,
                         &len, &r->why);
    buf_free(&body);
    if (rc == ERR_OK) {
        (void)printf("%s\n", line);
        r->seq++;
    }
    return rc;
}

static enum err one_case(struct records *r, const struct json *one)
{
    struct try_facts known = { .a = &r->a, .root = json_get(one, "facts") };
    const char *today = json_str(one, "today");
    struct form_facts facts = { .today = today != NULL ? today : "2026-11-22",
                                .nuclides = r->nuclides };
    struct try_answers answers;
    struct form_state state;
    struct form laid;
    struct check c;
    const char **values;
    int32_t day = 0;
    enum err rc;

    try_facts_bind(&known, &facts);
    rc = try_answers_read(&r->a, &r->form, json_get(one, "answers"), &answers, &r->why);
    if (rc == ERR_OK)
        rc = form_unfold(&r->form, answers.rows, answers.count, &facts, &r->a, &laid, &r->why);
    if (rc != ERR_OK)
        return rc;
    values = arena_array(&r->a, laid.field_count + 1, sizeof *values);
    if (values == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < answers.count; i++) {
        int index = form_field_index(&laid, answers.rows[i].key);

        if (index >= 0)
            values[index] = answers.rows[i].value;
    }
    rc = form_judge(&laid, &(struct answers){ values }, &facts, &r->a, &state, &r->why);
    if (rc != ERR_OK || state.outcome == OUTCOME_OPEN)
        return rc;
    if (!caldate_parse(facts.today, &day))
        return ERR_INPUT;
    rc = check_from_form(&r->a, &laid, &state, "0123456789abcdef", &facts, day, &c, &r->why);
    c.signed_by = "badge";
    return rc == ERR_OK ? write_record(r, &c) : rc;
}

int main(int argc, char **argv)
{
    static struct form_faults faults;
    struct records r = { .seq = 1 };
    const struct json *list = NULL;
    char *text = NULL;
    size_t len = 0;
    enum err rc;

    if (argc != 4)
        return 2;
    r.seq = strtoull(argv[3], NULL, 10);
    arena_init(&r.a, (size_t)1024 * 1024 * 1024);
    rc = fs_read(&r.a, argv[1], FORM_BYTES_MAX, &text, &len, &r.why);
    if (rc == ERR_OK)
        rc = form_parse(&r.a, text, len, &r.form, &faults, &r.why);
    if (rc == ERR_OK)
        rc = try_nuclides(&r.a, argv[1], NULL, &r.nuclides, &r.why);
    if (rc == ERR_OK)
        rc = fs_read(&r.a, argv[2], TRY_FILE_MAX, &text, &len, &r.why);
    if (rc == ERR_OK)
        rc = json_parse(&r.a, text, len, TRY_FILE_MAX, &list, &r.why);
    for (const struct json *one = list != NULL ? list->first : NULL; rc == ERR_OK && one != NULL;
         one = one->next) {
        enum err made = one_case(&r, one);

        /* A case that the tables refuse on purpose is nobody's record. */
        if (made != ERR_OK && made != ERR_INPUT && made != ERR_LIMIT && made != ERR_DENIED)
            rc = made;
    }
    if (rc != ERR_OK)
        (void)fprintf(stderr, "records: %s: %s\n", argv[1], r.why.text);
    form_done(&r.form);
    arena_done(&r.a);
    return rc == ERR_OK ? 0 : 1;
}
