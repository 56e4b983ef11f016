#include "app/scan/resolve.h"

#include <string.h>

#include "platform/base/str.h"

enum {
    BADGE_MIN = 8,
    BADGE_MAX = 64,
    ENROL_CODE_MIN = 4,
    ENROL_CODE_MAX = 32,
    KEY_HEX = 64,
    SHOWN_CHARS_MAX = 28
};

static const char badge_prefix[] = "CANNY-P:";
static const char enrol_prefix[] = "CANNY-ENROL:";
static const char hello_prefix[] = "CANNY-HELLO:";
static const char admit_prefix[] = "CANNY-ADMIT:";

static bool is_code_char(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static bool is_code(const char *s, size_t len, size_t min, size_t max)
{
    if (len < min || len > max)
        return false;
    for (size_t i = 0; i < len; i++)
        if (!is_code_char(s[i]))
            return false;
    return true;
}

static bool starts(const char *s, size_t len, const char *prefix)
{
    size_t n = strlen(prefix);

    return len >= n && memcmp(s, prefix, n) == 0;
}

static bool starts_any_case(const char *s, size_t len, const char *lower)
{
    size_t n = strlen(lower);

    if (len < n)
        return false;
    for (size_t i = 0; i < n; i++) {
        char c = (char)(s[i] >= 'A' && s[i] <= 'Z' ? s[i] - 'A' + 'a' : s[i]);
        if (c != lower[i])
            return false;
    }
    return true;
}

/* What must not reach a screen as it is: controls, and marks that turn or hide the text after them.
   */
static uint32_t thing_picture(uint32_t c)
{
    if (c < 0x20)
        return 0x2400 + c;
    if (c == 0x7f)
        return 0x2421;
    if ((c >= 0x80 && c < 0xa0) || c == 0xad || (c >= 0x200b && c <= 0x200f) ||
        (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
        (c >= 0xe0000 && c <= 0xe0fff))
        return 0xfffd;
    return c;
}

static void thing_show(const char *s, size_t len, struct thing *out)
{
    size_t pos = 0;
    size_t used = 0;

    for (size_t n = 0; pos < len; n++) {
        size_t before = pos;
        uint32_t c = (unsigned char)s[pos] == 0 ? 0 : utf8_next(s, len, &pos);
        if (pos == before)
            pos++;
        if (n == SHOWN_CHARS_MAX - 1 && pos < len) {
            used += utf8_put(out->shown + used, 0x2026);
            break;
        }
        char put[4];
        size_t bytes = utf8_put(put, thing_picture(c));
        if (used + bytes >= sizeof(out->shown) - 4)
            break;
        memcpy(out->shown + used, put, bytes);
        used += bytes;
    }
    out->shown[used] = '\0';
}

static void thing_odd(struct thing *out, const char *reason)
{
    out->kind = THING_ODD;
    out->code[0] = '\0';
    out->hub[0] = '\0';
    out->key[0] = '\0';
    out->reason = reason;
}

/* A code that one of our own programs made and that cannot be used. The reason is the whole message: to say that it is no label
   of ours would be wrong. */
static void thing_spoilt(struct thing *out, const char *reason)
{
    thing_odd(out, reason);
    out->ours = true;
}

static void thing_badge(const char *s, size_t len, struct thing *out)
{
    size_t skip = strlen(badge_prefix);

    if (!is_code(s + skip, len - skip, BADGE_MIN, BADGE_MAX)) {
        thing_spoilt(out, "This badge's code was not read whole. Show it again.");
        return;
    }
    out->kind = THING_BADGE;
    memcpy(out->code, s + skip, len - skip);
}

/* Decodes %XX of one value. False when it is malformed, does not fit, or holds what it may not: a hidden control character
   must not get through. */
static bool percent_decode_as(const char *s, size_t len, char *out, size_t size, bool words)
{
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        int c = (unsigned char)s[i];
        if (s[i] == '%') {
            if (len - i < 3 || hex_value(s[i + 1]) < 0 || hex_value(s[i + 2]) < 0)
                return false;
            c = hex_value(s[i + 1]) * 16 + hex_value(s[i + 2]);
            i += 2;
        }
        if (c < 0x20 || (c == 0x20 && !words) || c == 0x7f || (c > 0x7f && !words) ||
            used + 1 >= size)
            return false;
        out[used++] = (char)c;
    }
    out[used] = '\0';
    return !words || utf8_valid(out, used);
}

/* Printable ASCII: an address, a code. */
static bool percent_decode(const char *s, size_t len, char *out, size_t size)
{
    return percent_decode_as(s, len, out, size, false);
}

/* One «name=value» of an enrolment code. A name that comes twice is refused; one not known is left
   for later versions of the same format. */
static bool enrol_field(const char *s, size_t len, struct thing *out)
{
    static const char *const names[] = { "hub=", "code=", "key=" };
    char *const to[] = { out->hub, out->code, out->key };
    const size_t sizes[] = { sizeof(out->hub), sizeof(out->code), sizeof(out->key) };

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (starts(s, len, names[i])) {
            size_t skip = strlen(names[i]);
            return to[i][0] == '\0' && len > skip &&
                   percent_decode(s + skip, len - skip, to[i], sizes[i]);
        }
    return true;
}

static bool enrol_hub_ok(const char *hub)
{
    const char *host = starts(hub, strlen(hub), "https://")  ? hub + 8
                       : starts(hub, strlen(hub), "http://") ? hub + 7
                                                             : NULL;

    /* A name before '@' would make one host look like another on the screen. */
    return host != NULL && host[0] != '\0' && host[0] != '/' && strchr(host, '@') == NULL &&
           strpbrk(host, "\"'<>\\^`{|}") == NULL;
}

static bool enrol_key_ok(const char *key)
{
    if (key[0] == '\0')
        return true;
    for (size_t i = 0; i < KEY_HEX; i++)
        if (hex_value(key[i]) < 0)
            return false;
    return key[KEY_HEX] == '\0';
}

static const char thing_enrol_spoilt[] =
    "This enrolment code was not read whole. Show it again, or ask IT for another.";

static void thing_enrol(const char *s, size_t len, struct thing *out)
{
    static const char version[] = "CANNY-ENROL:1?";

    if (!starts(s, len, version)) {
        thing_spoilt(out, "This enrolment code wants newer software on this kiosk. Tell IT.");
        return;
    }
    size_t at = strlen(version);
    while (at < len) {
        const char *and = memchr(s + at, '&', len - at);
        size_t end = and == NULL ? len : (size_t)(and-s);
        if (!enrol_field(s + at, end - at, out)) {
            thing_spoilt(out, thing_enrol_spoilt);
            return;
        }
        at = end + 1;
    }
    if (!enrol_hub_ok(out->hub) ||
        !is_code(out->code, strlen(out->code), ENROL_CODE_MIN, ENROL_CODE_MAX) ||
        !enrol_key_ok(out->key)) {
        thing_spoilt(out, thing_enrol_spoilt);
        return;
    }
    out->kind = THING_ENROL;
}

/* ---- a kiosk that wants to belong to a school, and the answer ---- */

struct site_field {
    const char *name;
    char *to;
    size_t size;
    bool words; /* a name that people gave */
};

/* A name that comes twice is refused; one not known is left for later versions of the same format. */
static bool site_field(const char *s, size_t len, const struct site_field *fields, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t skip = strlen(fields[i].name);
        if (starts(s, len, fields[i].name))
            return fields[i].to[0] == '\0' && len > skip &&
                   percent_decode_as(s + skip, len - skip, fields[i].to, fields[i].size,
                                     fields[i].words);
    }
    return true;
}

static bool site_fields(const char *s, size_t len, const struct site_field *fields, size_t count)
{
    for (size_t at = 0; at < len;) {
        const char *and = memchr(s + at, '&', len - at);
        size_t end = and == NULL ? len : (size_t)(and-s);
        if (!site_field(s + at, end - at, fields, count))
            return false;
        at = end + 1;
    }
    for (size_t i = 0; i < count; i++)
        if (fields[i].to[0] == '\0')
            return false;
    return true;
}

static void thing_hello(const char *s, size_t len, struct thing *out)
{
    static const char version[] = "CANNY-HELLO:1?";
    size_t skip = strlen(version);
    const struct site_field fields[] = {
        { "key=", out->key, sizeof out->key, false },
        { "name=", out->name, sizeof out->name, true },
    };
    if (!starts(s, len, version))
        thing_spoilt(out, "The new kiosk's code wants newer software on this kiosk. Tell IT.");
    else if (!site_fields(s + skip, len - skip, fields, COUNT_OF(fields)) ||
             !hex_is(out->key, KEY_HEX))
        thing_spoilt(out, "The new kiosk's code was not read whole. Show it again.");
    else
        out->kind = THING_HELLO;
}

static void thing_admit(const char *s, size_t len, struct thing *out)
{
    static const char version[] = "CANNY-ADMIT:1?";
    size_t skip = strlen(version);
    char at[20] = "";
    const struct site_field fields[] = {
        { "site=", out->site, sizeof out->site, false },
        { "name=", out->name, sizeof out->name, true },
        { "by=", out->key, sizeof out->key, false },
        { "to=", out->to, sizeof out->to, false },
        { "at=", at, sizeof at, false },
        { "sig=", out->sig, sizeof out->sig, false },
    };
    if (!starts(s, len, version))
        thing_spoilt(out, "This answer wants newer software on this kiosk. Tell IT.");
    else if (!site_fields(s + skip, len - skip, fields, COUNT_OF(fields)) ||
             !hex_is(out->key, KEY_HEX) || !hex_is(out->site, sizeof out->site - 1) ||
             !hex_is(out->to, sizeof out->to - 1) || !str_to_i64(at, &out->at_ms) ||
             out->at_ms <= 0)
        thing_spoilt(out, "The other kiosk's answer was not read whole. Show it again.");
    else
        out->kind = THING_ADMIT;
}

static bool has_control(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if ((unsigned char)s[i] < 0x20 || s[i] == 0x7f)
            return true;
    return false;
}

static void thing_label(const char *s, size_t len, struct thing *out)
{
    if (len > LABEL_MAX) {
        thing_odd(out, "Too long for a label: labels have at most 64 characters.");
        return;
    }
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)s[i] >= 0x7f) {
            thing_odd(out, "A label may hold plain letters, digits and signs only.");
            return;
        }
        if (s[i] == ' ' && s[i + 1] == ' ') {
            thing_odd(out, "Several spaces in a row cannot be told apart on a label.");
            return;
        }
    }
    out->kind = THING_LABEL;
    memcpy(out->code, s, len);
}

void thing_resolve(const char *payload, size_t len, enum symbology symbology, struct thing *out)
{
    /* The shape of the text alone decides, so that a wedge scanner and the camera agree. */
    (void)symbology;
    memset(out, 0, sizeof(*out));
    while (len > 0 && payload[0] == ' ') {
        payload++;
        len--;
    }
    /* Label software often writes the end of the line into the code with the rest. */
    while (len > 0 &&
           (payload[len - 1] == ' ' || payload[len - 1] == '\r' || payload[len - 1] == '\n'))
        len--;
    thing_show(payload, len, out);
    if (len == 0)
        thing_odd(out, "There is nothing on this label.");
    else if (memchr(payload, 0, len) != NULL || !utf8_valid(payload, len))
        thing_odd(out, "This code holds data, not text.");
    else if (has_control(payload, len))
        thing_odd(out, "This code holds control characters, which no label of ours has.");
    else if (starts(payload, len, badge_prefix))
        thing_badge(payload, len, out);
    else if (starts(payload, len, enrol_prefix))
        thing_enrol(payload, len, out);
    else if (starts(payload, len, hello_prefix))
        thing_hello(payload, len, out);
    else if (starts(payload, len, admit_prefix))
        thing_admit(payload, len, out);
    else if (starts_any_case(payload, len, "http://") ||
             starts_any_case(payload, len, "https://") || starts_any_case(payload, len, "www."))
        out->kind = THING_LINK;
    else
        thing_label(payload, len, out);
}
