/* The commands for letters: what came, what to say to it, and what came without a name. */
#include <stdio.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"
#include "sync/hub/table.h"

enum { LETTER_ANSWER_MAX = 4000, LETTER_BY_MAX = 200 };

struct letters {
    const char *all; /* NULL: the open ones alone */
    struct table table;
};

static bool letter_print(void *ctx, const struct hub_letter *l)
{
    struct letters *w = ctx;
    const char *const cells[] = { l->id,        l->answers > 0 ? "answered" : "open",
                                  l->site_name, l->at,
                                  l->to,        l->about,
                                  l->question };

    if (w->all == NULL && l->answers > 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(cells); i++)
        table_text(&w->table, cells[i]);
    return true;
}

static enum err letters_run(struct hub *h, void *args, struct why *why)
{
    static const char *const columns[] = { "id", "state", "site", "at", "to", "about", "question" };
    struct letters *w = args;
    enum err rc = hubstore_follow(h->store, 0, why);

    table_begin(&w->table, stdout, TABLE_TEXT, columns, COUNT_OF(columns));
    if (rc == ERR_OK)
        rc = hubstore_letters(h->store, letter_print, w, why);
    enum err ended = table_end(&w->table, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}

int command_letters(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct letters w = { .all = NULL };
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--all", NULL, "also those that are answered", false, &w.all },
    };
    const struct command c = {
        .name = "letters",
        .about = "Prints the schools' letters: id, state, site, time, to, about, question.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .args = &w,
        .run = letters_run,
    };

    return command_run(&c, argc, argv);
}

static bool letter_text_ok(const char *text, size_t max, bool lines)
{
    size_t len = strlen(text);

    if (len > max || !utf8_valid(text, len))
        return false;
    for (size_t i = 0; i < len; i++)
        if (((unsigned char)text[i] < 0x20 && !(lines && text[i] == '\n')) || text[i] == 0x7f)
            return false;
    return true;
}

static bool answer_fits(const void *args)
{
    const struct hub_answer *answer = args;

    if (answer->text[0] != '\0' && letter_text_ok(answer->text, LETTER_ANSWER_MAX, true) &&
        letter_text_ok(answer->by, LETTER_BY_MAX, false))
        return true;
    (void)fprintf(stderr, "canny-hub answer: --text is text of 1 to %d bytes, --by at most %d\n",
                  LETTER_ANSWER_MAX, LETTER_BY_MAX);
    return false;
}

static enum err answer_run(struct hub *h, void *args, struct why *why)
{
    enum err rc = hubstore_follow(h->store, 0, why);

    return rc == ERR_OK ? hubstore_answer(h->store, args, hub_now(h), why) : rc;
}

int command_answer(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    struct hub_answer answer = { .by = "" };
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--letter", "ID", "the letter, as `letters` prints it", true, &answer.letter },
        { "--text", "TEXT", "the answer, at most 4000 bytes; line breaks are kept", true,
          &answer.text },
        { "--by", "BODY", "who answers: a body or a post, not a person's name", false, &answer.by },
    };
    const struct command c = {
        .name = "answer",
        .about = "Answers a school's letter: its kiosks file it with their next connection.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .args = &answer,
        .fits = answer_fits,
        .run = answer_run,
    };

    return command_run(&c, argc, argv);
}

static bool letter_print_post(void *ctx, const struct hub_post *post)
{
    struct json_out j;
    struct buf b;
    bool ok;

    (void)ctx;
    buf_init(&b, 1024);
    json_out_init(&j, &b);
    json_out_object(&j, NULL);
    json_out_str(&j, "kind", post->kind);
    json_out_str(&j, "month", post->month);
    json_out_end_object(&j);
    ok = buf_done(&b, NULL) == ERR_OK &&
         printf("%.*s,\"body\":%s}\n", (int)b.len - 1, b.data, post->body) > 0;
    buf_free(&b);
    return ok;
}

static enum err voices_run(struct hub *h, void *args, struct why *why)
{
    return hubstore_posts(h->store, letter_print_post, args, why);
}

int command_voices(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const struct option_row rows[] = { COMMAND_WHERE(where) };
    const struct command c = {
        .name = "voices",
        .about = "Prints what came without a name, a JSON object a line.",
        .rows = rows,
        .row_count = COUNT_OF(rows),
        .where = &where,
        .run = voices_run,
    };

    return command_run(&c, argc, argv);
}
