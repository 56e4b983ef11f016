#include "sync/hub/code.h"

#include <string.h>

static const char code_digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

void code_make(char out[CODE_TEXT], const uint8_t random[CODE_LEN])
{
    size_t at = 0;

    for (size_t i = 0; i < CODE_LEN; i++) {
        if (i == CODE_LEN / 2)
            out[at++] = '-';
        out[at++] = code_digits[random[i] % 32];
    }
    out[at] = '\0';
}

static char code_fold_one(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    if (c == 'O')
        return '0';
    if (c == 'I' || c == 'L')
        return '1';
    return c;
}

bool code_fold(char out[CODE_LEN + 1], const char *typed)
{
    char folded[CODE_LEN + 1];
    size_t n = 0;

    for (size_t i = 0; typed[i] != '\0'; i++) {
        char c = code_fold_one(typed[i]);
        if (c == ' ' || c == '-')
            continue;
        if (n == CODE_LEN || strchr(code_digits, c) == NULL)
            return false;
        folded[n++] = c;
    }
    if (n != CODE_LEN)
        return false;
    folded[n] = '\0';
    memcpy(out, folded, sizeof(folded));
    return true;
}

void code_hash(uint8_t out[KEYS_HASH], const struct keypair *hub, const char folded[CODE_LEN + 1])
{
    uint8_t bytes[16 + KEYS_SECRET + CODE_LEN] = "canny code 1";

    memcpy(bytes + 16, hub->secret, KEYS_SECRET);
    memcpy(bytes + 16 + KEYS_SECRET, folded, CODE_LEN);
    keys_sha256(out, bytes, sizeof(bytes));
    memset(bytes, 0, sizeof(bytes));
}
