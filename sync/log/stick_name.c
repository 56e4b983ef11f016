#include "sync/log/stick_name.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"

enum { STICK_DICE = 8 }; /* digits */

static const char stick_hex[] = "0123456789abcdef";

static bool stick_digits(const char *s, size_t count)
{
    return strspn(s, stick_hex) >= count;
}

bool stick_site_ok(const char *site)
{
    return strlen(site) == STICK_ID - 1 && stick_digits(site, STICK_ID - 1);
}

void stick_name_sender(char out[STICK_ID], const char *device)
{
    (void)str_copy(out, STICK_ID, device);
}

void stick_name_bundle(char out[STICK_NAME_MAX], const char *device, uint32_t dice)
{
    (void)str_format(out, STICK_NAME_MAX, "%.16s-%08" PRIx32 ".bundle", device, dice);
}

void stick_name_receipt(char out[STICK_NAME_MAX], const char *device)
{
    (void)str_format(out, STICK_NAME_MAX, "%.16s.receipt", device);
}

void stick_name_chunk(char out[STICK_NAME_MAX], const char *hash, uint64_t at)
{
    (void)str_format(out, STICK_NAME_MAX, "%.64s-%" PRIu64 ".chunk", hash, at);
}

static bool stick_read_chunk(const char *name, struct stick_name *out)
{
    enum { HASH = KEYS_ID_TEXT - 1, AT_MAX = 12 };
    char digits[AT_MAX + 1];
    int64_t at = 0;
    if (!stick_digits(name, HASH) || name[HASH] != '-')
        return false;
    const char *rest = name + HASH + 1;
    size_t len = strspn(rest, "0123456789");
    if (len == 0 || len > AT_MAX || (len > 1 && rest[0] == '0') || !str_eq(rest + len, ".chunk"))
        return false;
    memcpy(digits, rest, len);
    digits[len] = '\0';
    if (!str_to_i64(digits, &at))
        return false;
    out->kind = STICK_CHUNK;
    memcpy(out->hash, name, HASH);
    out->hash[HASH] = '\0';
    out->at = (uint64_t)at;
    return true;
}

static bool stick_read_sent(const char *name, struct stick_name *out)
{
    enum { SENDER = STICK_ID - 1 };
    if (!stick_digits(name, SENDER))
        return false;
    const char *rest = name + SENDER;
    if (str_eq(rest, ".receipt"))
        out->kind = STICK_RECEIPT;
    else if (rest[0] == '-' && strspn(rest + 1, stick_hex) == STICK_DICE &&
             str_eq(rest + 1 + STICK_DICE, ".bundle"))
        out->kind = STICK_BUNDLE;
    else
        return false;
    memcpy(out->sender, name, SENDER);
    out->sender[SENDER] = '\0';
    return true;
}

void stick_name_read(const char *name, struct stick_name *out)
{
    char whole[STICK_NAME_MAX];
    *out = (struct stick_name){ .kind = STICK_OTHER };
    if (!str_copy(whole, sizeof whole, name))
        return;
    bool half = str_ends(whole, STICK_PART);
    if (half)
        whole[strlen(whole) - strlen(STICK_PART)] = '\0';
    if ((stick_read_sent(whole, out) || stick_read_chunk(whole, out)) && half)
        out->kind = STICK_HALF;
}
