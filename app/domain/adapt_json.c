#include <math.h>
#include <string.h>

#include "app/domain/adapt_parts.h"
#include "platform/base/str.h"

/* An adaptation as members of an event's body. The model's lines are written whole; of mine only what
   differs, since a line of the log has 64 KiB. */

enum { JSON_NAME_MAX = 64, JSON_TITLE_MAX = 500, JSON_REVISION_MAX = 1000000 };

static void json_line(struct json_out *j, const struct adapt_line *line)
{
    json_out_object(j, NULL);
    json_out_str(j, "path", line->path);
    json_out_str(j, "text", line->text);
    if (!isnan(line->amount))
        json_out_num(j, "amount", line->amount);
    if (line->unit[0] != '\0')
        json_out_str(j, "unit", line->unit);
    if (line->both_ways)
        json_out_bool(j, "both_ways", true);
    json_out_end_object(j);
}

static void json_words(struct json_out *j, const char *key, const char *const *words, size_t count)
{
    if (count == 0)
        return;
    json_out_array(j, key);
    for (size_t i = 0; i < count; i++)
        json_out_str(j, NULL, words[i]);
    json_out_end_array(j);
}

void adapt_to_json(const struct adaptation *x, struct json_out *j)
{
    json_out_str(j, "model", x->model);
    json_out_str(j, "title", x->title);
    json_out_str(j, "issuer", x->issuer);
    json_out_int(j, "revision", x->revision);
    json_out_str(j, "class", x->class_name);
    json_out_str(j, "stage", x->stage);
    if (x->groups > 0)
        json_out_int(j, "groups", x->groups);
    json_words(j, "ticks", x->ticks, x->tick_count);
    json_words(j, "rooms", x->rooms, x->room_count);
    if (x->note[0] != '\0')
        json_out_str(j, "note", x->note);
    if (x->until != CALDATE_NONE) {
        char until[CALDATE_TEXT];

        caldate_iso(until, x->until);
        json_out_str(j, "until", until);
    }
    json_out_array(j, "base");
    for (size_t i = 0; i < x->base.count; i++)
        json_line(j, &x->base.line[i]);
    json_out_end_array(j);
    json_out_array(j, "mine");
    for (size_t i = 0; i < x->mine.count; i++) {
        size_t at = adapt_place(x->base.line, x->base.count, x->mine.line[i].path);

        if (at < x->base.count && adapt_line_same(&x->base.line[at], &x->mine.line[i]))
            json_out_int(j, NULL, (int64_t)at);
        else
            json_line(j, &x->mine.line[i]);
    }
    json_out_end_array(j);
}

/* ---- reading ---- */

struct from_json {
    struct arena *a;
    enum err rc;
    struct why *why;
};

static void from_refuse(struct from_json *f, enum err rc, const char *what)
{
    if (f->rc == ERR_OK)
        f->rc = why_set(f->why, rc, 0, "an adaptation: %s", what);
}

static const char *from_text(struct from_json *f, const struct json *object, const char *key,
                             size_t max)
{
    const struct json *node = json_get(object, key);

    if (node == NULL)
        return "";
    if (node->type != JNODE_STRING || !adapt_text_ok(node->text, max)) {
        from_refuse(f, ERR_INPUT, key);
        return "";
    }
    return node->text;
}

static int from_int(struct from_json *f, const struct json *object, const char *key, int most)
{
    const struct json *node = json_get(object, key);

    if (node == NULL)
        return 0;
    if (node->type != JNODE_INT || node->integer < 0 || node->integer > most) {
        from_refuse(f, ERR_INPUT, key);
        return 0;
    }
    return (int)node->integer;
}

static const char **from_words(struct from_json *f, const struct json *object, const char *key,
                               size_t *out_count)
{
    const struct json *node = json_get(object, key);
    const char **words = arena_array(f->a, ADAPT_TICKS_MAX, sizeof *words);
    size_t count = 0;

    *out_count = 0;
    if (node == NULL || words == NULL)
        return words;
    if (node->type != JNODE_ARRAY || node->len > ADAPT_TICKS_MAX) {
        from_refuse(f, node->type != JNODE_ARRAY ? ERR_INPUT : ERR_LIMIT, key);
        return words;
    }
    for (node = node->first; node != NULL; node = node->next) {
        if (node->type != JNODE_STRING || !adapt_text_ok(node->text, JSON_NAME_MAX))
            from_refuse(f, ERR_INPUT, key);
        else
            words[count++] = node->text;
    }
    *out_count = count;
    return words;
}

static struct adapt_line from_line(struct from_json *f, const struct json *node)
{
    const struct json *amount = json_get(node, "amount");
    struct adapt_line line = { .path = from_text(f, node, "path", ADAPT_PATH_MAX),
                               .text = from_text(f, node, "text", ADAPT_TEXT_MAX),
                               .amount = json_num(node, "amount", NAN),
                               .unit = from_text(f, node, "unit", JSON_NAME_MAX),
                               .both_ways = json_bool(node, "both_ways", false) };

    line.key = adapt_path_key(line.path);
    if (node->type != JNODE_OBJECT || line.key == NULL)
        from_refuse(f, ERR_INPUT, "a line's path is none");
    if (amount != NULL && (!isfinite(line.amount) || line.amount < 0))
        from_refuse(f, ERR_INPUT, "a line's amount is none");
    return line;
}

/* A path stands once: two lines of one path would have one of them judged and the other shown. */
static void from_push(struct from_json *f, struct adapt_list *l, struct adapt_line line)
{
    if (f->rc == ERR_OK && adapt_place(l->line, l->count, line.path) < l->count)
        from_refuse(f, ERR_INPUT, "a line stands there twice");
    if (f->rc == ERR_OK)
        adapt_list_push(l, line);
}

static void from_lines(struct from_json *f, const struct json *body, const char *key,
                       const struct adapt_lines *base, struct adapt_lines *out)
{
    const struct json *node = json_get(body, key);
    struct adapt_list l = { .a = f->a };

    if (node == NULL || node->type != JNODE_ARRAY || node->len == 0)
        from_refuse(f, ERR_INPUT, key);
    else if (node->len > ADAPT_LINES_MAX)
        from_refuse(f, ERR_LIMIT, key);
    if (f->rc != ERR_OK)
        return;
    for (node = node->first; node != NULL && f->rc == ERR_OK; node = node->next) {
        if (base == NULL || node->type != JNODE_INT)
            from_push(f, &l, from_line(f, node));
        else if (node->integer < 0 || (uint64_t)node->integer >= base->count)
            from_refuse(f, ERR_INPUT, "a place in the model's lines is none");
        else
            from_push(f, &l, base->line[node->integer]);
    }
    if (f->rc == ERR_OK)
        f->rc = adapt_list_done(&l, out, f->why);
}

enum err adapt_from_json(struct arena *a, const struct json *body, struct adaptation *out,
                         struct why *why)
{
    struct from_json f = { .a = a, .rc = ERR_OK, .why = why };
    struct adaptation x = { .model = from_text(&f, body, "model", JSON_NAME_MAX),
                            .title = from_text(&f, body, "title", JSON_TITLE_MAX),
                            .issuer = from_text(&f, body, "issuer", JSON_TITLE_MAX),
                            .revision = from_int(&f, body, "revision", JSON_REVISION_MAX),
                            .class_name = from_text(&f, body, "class", ADAPT_CLASS_MAX),
                            .stage = from_text(&f, body, "stage", JSON_NAME_MAX),
                            .groups = from_int(&f, body, "groups", ASSESSMENT_GROUPS_MAX),
                            .note = from_text(&f, body, "note", (size_t)4 * ADAPT_NOTE_MAX),
                            .until = CALDATE_NONE };
    const char *until = from_text(&f, body, "until", CALDATE_TEXT);

    if (x.model[0] == '\0' || x.revision == 0)
        from_refuse(&f, ERR_INPUT, "it names no model");
    if (until[0] != '\0' && !caldate_parse(until, &x.until))
        from_refuse(&f, ERR_INPUT, "until");
    x.ticks = from_words(&f, body, "ticks", &x.tick_count);
    x.rooms = from_words(&f, body, "rooms", &x.room_count);
    from_lines(&f, body, "base", NULL, &x.base);
    from_lines(&f, body, "mine", &x.base, &x.mine);
    if (f.rc == ERR_OK && a->failed)
        f.rc = why_set(why, ERR_NOMEM, 0, "no room for an adaptation");
    if (f.rc == ERR_OK)
        *out = x;
    return f.rc;
}
