/* The commands for letters: what came, what to say to it, and what came without a name. */
#include <stdio.h>
#include <string.h>

#include "platform/base/json.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/hub.h"
#include "sync/hub/options.h"

enum { LETTER_ANSWER_MAX = 4000, LETTER_BY_MAX = 200 };

static void letter_cell(const char *text)
{
    for (; *text != '\0'; text++)
        (void)putchar((unsigned char)*text < 0x20 ? ' ' : *text);
}

static bool letter_print(void *ctx, const struct hub_letter *l)
{
    const bool *all = ctx;
    const char *const cells[] = { l->site_name, l->at, l->to, l->about, l->question };

    if (!*all && l->answers > 0)
        return true;
    (void)printf("%s\t%s", l->id, l->answers > 0 ? "answered" : "open");
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        (void)putchar('\t');
        letter_cell(cells[i]);
    }
    return putchar('\n') != EOF;
}

int command_letters(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const char *all = NULL;
    const struct option_row rows[] = {
        COMMAND_WHERE(where),
        { "--all", NULL, "also those that are answered", false, &all },
    };
    enum options_result r = options_read(
        "letters", "Prints the schools' letters: id, state, site, time, to, about, question.", rows,
        COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    bool every = false;
    if (r != OPTIONS_OK)
        return command_usage(r);

    every = all != NULL;
    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = hubstore_follow(h->store, 0, &why);
    if (rc == ERR_OK)
        rc = hubstore_letters(h->store, letter_print, &every, &why);
    return command_end(h, "letters", &where, rc, &why);
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
    enum options_result r = options_read(
        "answer", "Answers a school's letter: its kiosks file it with their next connection.", rows,
        COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);
    if (answer.text[0] == '\0' || !letter_text_ok(answer.text, LETTER_ANSWER_MAX, true) ||
        !letter_text_ok(answer.by, LETTER_BY_MAX, false)) {
        (void)fprintf(stderr,
                      "canny-hub answer: --text is text of 1 to %d bytes, --by at most %d\n",
                      LETTER_ANSWER_MAX, LETTER_BY_MAX);
        return 2;
    }

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = hubstore_follow(h->store, 0, &why);
    if (rc == ERR_OK)
        rc = hubstore_answer(h->store, &answer, hub_now(h), &why);
    return command_end(h, "answer", &where, rc, &why);
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

int command_voices(int argc, char **argv)
{
    struct command_where where = { .data = NULL };
    const struct option_row rows[] = { COMMAND_WHERE(where) };
    enum options_result r =
        options_read("voices", "Prints what came without a name, a JSON object a line.", rows,
                     COUNT_OF(rows), argc, argv);
    struct why why = { 0 };
    struct hub *h = NULL;
    if (r != OPTIONS_OK)
        return command_usage(r);

    enum err rc = command_open(&where, false, &h, &why);
    if (rc == ERR_OK)
        rc = hubstore_posts(h->store, letter_print_post, NULL, &why);
    return command_end(h, "voices", &where, rc, &why);
}
