/* A check's body: written and read. */

#include "app/domain/check.h"

#include "app/domain/caldate.h"
#include "platform/base/str.h"

enum { CHECK_TEXT_MAX = 4096, CHECK_NAME_MAX = 256 };

static const char *const verdict_names[] = {
    [VERDICT_NONE] = "",
    [VERDICT_PASS] = "pass",
    [VERDICT_FAIL] = "fail",
    [VERDICT_ADVISE] = "advise",
};

/* Members that say nothing are left out: a line holds 64 KiB. */
static void write_some(struct json_out *j, const char *key, const char *value)
{
    if (value != NULL && *value != '\0')
        json_out_str(j, key, value);
}

/* Nothing is due or calibrated in 1970: a day that nobody filled in is none. */
static void write_day(struct json_out *j, const char *key, int32_t day)
{
    char iso[CALDATE_TEXT];

    if (day <= 0)
        return;
    caldate_iso(iso, day);
    json_out_str(j, key, iso);
}

static void write_yes(struct json_out *j, const char *key, bool yes)
{
    if (yes)
        json_out_bool(j, key, true);
}

static void write_answer(struct json_out *j, const struct check_answer *answer)
{
    json_out_object(j, NULL);
    json_out_str(j, "field", answer->field);
    json_out_str(j, "label", answer->label);
    json_out_str(j, "value", answer->value);
    write_some(j, "shown", answer->shown);
    write_some(j, "unit", answer->unit);
    write_some(j, "verdict", verdict_names[answer->verdict]);
    write_yes(j, "critical", answer->critical);
    if (answer->has_low)
        json_out_num(j, "low", answer->low);
    if (answer->has_high)
        json_out_num(j, "high", answer->high);
    write_some(j, "limit", answer->limit);
    write_some(j, "fact", answer->fact);
    write_some(j, "source", answer->source);
    write_some(j, "edition", answer->edition);
    write_some(j, "confidence", answer->confidence);
    json_out_end_object(j);
}

static void write_instruments(struct json_out *j, const struct check *c)
{
    if (c->instrument_count == 0)
        return;
    json_out_array(j, "instruments");
    for (size_t i = 0; i < c->instrument_count; i++) {
        const struct check_instrument *one = &c->instruments[i];

        json_out_object(j, NULL);
        json_out_str(j, "item", one->item);
        write_some(j, "label", one->label);
        write_some(j, "name", one->name);
        write_some(j, "serial", one->serial);
        write_day(j, "calibrated", one->calibrated_day);
        write_day(j, "due", one->due_day);
        json_out_end_object(j);
    }
    json_out_end_array(j);
}

static void write_files(struct json_out *j, const struct check *c)
{
    if (c->file_count == 0)
        return;
    json_out_array(j, "files");
    for (size_t i = 0; i < c->file_count; i++) {
        const struct check_file *one = &c->files[i];

        json_out_object(j, NULL);
        json_out_str(j, "sha256", one->sha256);
        json_out_str(j, "type", one->type);
        json_out_int(j, "bytes", one->bytes);
        write_some(j, "name", one->name);
        write_some(j, "field", one->field);
        json_out_end_object(j);
    }
    json_out_end_array(j);
}

/* The plain text members after the outcome. One table serves both ways, so that no member can be
   written and not read. */
struct member {
    const char *key;
    size_t offset; /* of its const char * in struct check */
};
#define MEMBER(name)                                                                               \
    {                                                                                              \
        .key = #name, .offset = offsetof(struct check, name)                                       \
    }
static const struct member members[] = {
    MEMBER(reason),    MEMBER(competence), MEMBER(signed_by),    MEMBER(interval),
    MEMBER(basis),     MEMBER(source),     MEMBER(edition),      MEMBER(confidence),
    MEMBER(retention), MEMBER(needs),      MEMBER(fail_action),  MEMBER(life),
    MEMBER(custody),   MEMBER(corrects),   MEMBER(corrects_why), MEMBER(countersign),
    MEMBER(tray),      MEMBER(made),       MEMBER(form_issuer),
};

static const char **member_of(struct check *c, const struct member *m)
{
    return (const char **)(void *)((char *)c + m->offset);
}

void check_write(const struct check *c, struct buf *body)
{
    struct check copy = *c;
    char day[CALDATE_TEXT];
    struct json_out j;

    json_out_init(&j, body);
    json_out_object(&j, NULL);
    json_out_str(&j, "form", c->form);
    json_out_str(&j, "form_version", c->form_version);
    json_out_str(&j, "form_title", c->form_title);
    json_out_str(&j, "item", c->item);
    caldate_iso(day, c->day);
    json_out_str(&j, "day", day);
    json_out_str(&j, "outcome", form_outcome_name(c->outcome));
    for (size_t i = 0; i < COUNT_OF(members); i++)
        write_some(&j, members[i].key, *member_of(&copy, &members[i]));
    write_day(&j, "next_due", c->next_due);
    write_yes(&j, "in_session", c->in_session);
    write_yes(&j, "calibration", c->calibration);
    write_yes(&j, "imported", c->imported);
    write_instruments(&j, c);
    write_files(&j, c);
    json_out_array(&j, "answers");
    for (size_t i = 0; i < c->answer_count; i++)
        write_answer(&j, &c->answers[i]);
    json_out_end_array(&j);
    if (c->release_count > 0) {
        json_out_array(&j, "releases");
        for (size_t i = 0; i < c->release_count; i++)
            json_out_str(&j, NULL, c->releases[i]);
        json_out_end_array(&j);
    }
    json_out_end_object(&j);
}

/* Reads one body; the first thing that is wrong stays, and later reads do nothing. */
struct check_in {
    struct arena *a;
    struct why *why;
    enum err rc;
};

static void check_refuse(struct check_in *in, enum err code, const char *what, const char *key)
{
    if (in->rc == ERR_OK)
        in->rc = why_set(in->why, code, 0, "check: %s: %s", key, what);
}

/* A text member; must: it may be neither absent nor empty. */
static const char *read_text(struct check_in *in, const struct json *object, const char *key,
                             bool must)
{
    const struct json *node = json_get(object, key);
    char *copy;

    if (node == NULL && !must)
        return "";
    if (node == NULL || node->type != JNODE_STRING || (must && node->len == 0)) {
        check_refuse(in, ERR_INPUT, "a text is missing", key);
        return "";
    }
    if (node->len > CHECK_TEXT_MAX) {
        check_refuse(in, ERR_LIMIT, "the text is too long", key);
        return "";
    }
    copy = arena_strndup(in->a, node->text, node->len);
    if (copy == NULL)
        check_refuse(in, ERR_NOMEM, "no memory", key);
    return copy != NULL ? copy : "";
}

/* A date; absent is CALDATE_NONE unless it must be there. */
static int32_t read_day(struct check_in *in, const struct json *object, const char *key, bool must)
{
    const char *text = read_text(in, object, key, must);
    int32_t day = CALDATE_NONE;

    if (text[0] != '\0' && !caldate_parse(text, &day))
        check_refuse(in, ERR_INPUT, "not a date", key);
    return day;
}

static void read_limit(struct check_in *in, const struct json *object, const char *key,
                       bool *out_has, double *out)
{
    const struct json *node = json_get(object, key);

    if (node == NULL)
        return;
    if (node->type != JNODE_INT && node->type != JNODE_REAL)
        check_refuse(in, ERR_INPUT, "not a number", key);
    *out_has = true;
    *out = node->real;
}

static void read_answer(struct check_in *in, const struct json *node, struct check_answer *out)
{
    const char *verdict = read_text(in, node, "verdict", false);
    size_t i = 0;

    out->field = read_text(in, node, "field", true);
    out->label = read_text(in, node, "label", true);
    out->value = read_text(in, node, "value", true);
    out->shown = read_text(in, node, "shown", false);
    out->unit = read_text(in, node, "unit", false);
    out->critical = json_bool(node, "critical", false);
    read_limit(in, node, "low", &out->has_low, &out->low);
    read_limit(in, node, "high", &out->has_high, &out->high);
    out->limit = read_text(in, node, "limit", false);
    out->fact = read_text(in, node, "fact", false);
    out->source = read_text(in, node, "source", false);
    out->edition = read_text(in, node, "edition", false);
    out->confidence = read_text(in, node, "confidence", false);
    while (i < COUNT_OF(verdict_names) && !str_eq(verdict, verdict_names[i]))
        i++;
    if (i == COUNT_OF(verdict_names))
        check_refuse(in, ERR_INPUT, "not known", "verdict");
    else
        out->verdict = (enum field_verdict)i;
}

static size_t list_size(struct check_in *in, const struct json *node, const char *key, size_t max,
                        bool must)
{
    if (node == NULL && !must)
        return 0;
    if (node == NULL || node->type != JNODE_ARRAY) {
        check_refuse(in, ERR_INPUT, "a list is missing", key);
        return 0;
    }
    if (node->len > max) {
        check_refuse(in, ERR_LIMIT, "the list is too long", key);
        return 0;
    }
    return node->len;
}

static void read_answers(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "answers");
    size_t count = list_size(in, list, "answers", CHECK_ANSWERS_MAX, true);

    out->answers = arena_array(in->a, count + 1, sizeof(*out->answers));
    if (out->answers == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "answers");
        return;
    }
    for (const struct json *node = count > 0 ? list->first : NULL; node != NULL; node = node->next)
        read_answer(in, node, &out->answers[out->answer_count++]);
}

static void read_instruments(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "instruments");
    size_t count = list_size(in, list, "instruments", CHECK_INSTRUMENTS_MAX, false);

    out->instruments = arena_array(in->a, count + 1, sizeof(*out->instruments));
    if (out->instruments == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "instruments");
        return;
    }
    for (const struct json *node = count > 0 ? list->first : NULL; node != NULL; node = node->next)
        out->instruments[out->instrument_count++] = (struct check_instrument){
            .item = read_text(in, node, "item", true),
            .label = read_text(in, node, "label", false),
            .name = read_text(in, node, "name", false),
            .serial = read_text(in, node, "serial", false),
            .calibrated_day = read_day(in, node, "calibrated", false),
            .due_day = read_day(in, node, "due", false),
        };
}

static bool is_hash(const struct json *node)
{
    enum { HASH_HEX = 64 };

    return node != NULL && node->type == JNODE_STRING && node->len == HASH_HEX &&
           hex_is(node->text, HASH_HEX);
}

/* "" for what is no text, or is no text of ours. */
static const char *soft_text(struct check_in *in, const struct json *object, const char *key)
{
    const struct json *node = json_get(object, key);

    return node != NULL && node->type == JNODE_STRING && node->len <= CHECK_NAME_MAX
               ? read_text(in, object, key, false)
               : "";
}

/* What the record says stands without its pictures: of a list that is not understood only that goes unread. */
static void read_files(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "files");
    struct check_file *files;

    if (list == NULL)
        return;
    files = arena_array(in->a, CHECK_FILES_MAX, sizeof(*files));
    if (files == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "files");
        return;
    }
    out->files = files;
    for (const struct json *node = list != NULL && list->type == JNODE_ARRAY ? list->first : NULL;
         node != NULL && out->file_count < CHECK_FILES_MAX; node = node->next) {
        if (!is_hash(json_get(node, "sha256")))
            continue;
        files[out->file_count++] = (struct check_file){
            .sha256 = read_text(in, node, "sha256", true),
            .type = soft_text(in, node, "type"),
            .name = soft_text(in, node, "name"),
            .field = soft_text(in, node, "field"),
            .bytes = json_int(node, "bytes", 0),
        };
    }
}

static void read_releases(struct check_in *in, const struct json *body, struct check *out)
{
    const struct json *list = json_get(body, "releases");
    size_t count = list_size(in, list, "releases", CHECK_RELEASES_MAX, false);

    out->releases = arena_array(in->a, count + 1, sizeof(*out->releases));
    if (out->releases == NULL) {
        check_refuse(in, ERR_NOMEM, "no memory", "releases");
        return;
    }
    for (const struct json *node = count > 0 ? list->first : NULL; node != NULL;
         node = node->next) {
        if (node->type != JNODE_STRING || node->len == 0 || node->len > CHECK_NAME_MAX) {
            check_refuse(in, ERR_INPUT, "not the name of an event", "releases");
            return;
        }
        out->releases[out->release_count] = arena_strndup(in->a, node->text, node->len);
        if (out->releases[out->release_count++] == NULL)
            check_refuse(in, ERR_NOMEM, "no memory", "releases");
    }
}

static enum form_outcome read_outcome(struct check_in *in, const struct json *body)
{
    static const enum form_outcome closed[] = { OUTCOME_PASS, OUTCOME_ADVISE, OUTCOME_FAIL,
                                                OUTCOME_QUARANTINE };
    const char *name = read_text(in, body, "outcome", true);

    for (size_t i = 0; i < COUNT_OF(closed); i++)
        if (str_eq(name, form_outcome_name(closed[i])))
            return closed[i];
    check_refuse(in, ERR_INPUT, "not known", "outcome");
    return OUTCOME_OPEN;
}

enum err check_read(struct arena *a, const struct json *body, struct check *out, struct why *why)
{
    struct check_in in = { .a = a, .why = why, .rc = ERR_OK };
    struct check c = { 0 };

    if (body == NULL || body->type != JNODE_OBJECT)
        return why_set(why, ERR_INPUT, 0, "check: not an object");
    c.form = read_text(&in, body, "form", true);
    c.form_version = read_text(&in, body, "form_version", true);
    c.form_title = read_text(&in, body, "form_title", true);
    c.item = read_text(&in, body, "item", true);
    c.day = read_day(&in, body, "day", true);
    c.outcome = read_outcome(&in, body);
    for (size_t i = 0; i < COUNT_OF(members); i++)
        *member_of(&c, &members[i]) = read_text(&in, body, members[i].key, false);
    c.next_due = read_day(&in, body, "next_due", false);
    c.in_session = json_bool(body, "in_session", false);
    c.calibration = json_bool(body, "calibration", false);
    c.imported = json_bool(body, "imported", false);
    read_instruments(&in, body, &c);
    read_files(&in, body, &c);
    read_answers(&in, body, &c);
    read_releases(&in, body, &c);
    if (in.rc == ERR_OK)
        *out = c;
    return in.rc;
}
