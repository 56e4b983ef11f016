/* What was scanned, from its text alone: the shape. Whether it is known is the store's answer.
   Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "app/scan/decode.h"

enum thing_kind {
    THING_LABEL, /* could be an item's label: looked up in the register, else «New label» */
    THING_BADGE, /* "CANNY-P:<code>": a person's badge */
    THING_ENROL, /* "CANNY-ENROL:1?hub=URL&code=CODE&key=HEX" */
    THING_LINK,  /* a web address: told, never opened */
    THING_ODD,   /* control characters, too long, empty, invalid UTF-8: cannot be a label */
};

enum { LABEL_MAX = 64 };

struct thing {
    enum thing_kind kind;
    char code[256]; /* LABEL: the label, trimmed; BADGE: the badge code; ENROL: the code */
    char hub[256];  /* ENROL */
    char key[65];   /* ENROL: the hub's public key, hex */
    char shown[96]; /* safe to show: control characters as ␀-like pictures, shortened with … */
    const char *reason; /* ODD: what is wrong with it, for people; static */
};
/* symbology SYM_NONE: typed or by a wedge scanner. */
void thing_resolve(const char *payload, size_t len, enum symbology symbology, struct thing *out);
/* A check character for our own labels (ISO 7064 MOD 37-2 over A-Z 0-9, without '-'); '\0' when not
   possible. */
char label_check_char(const char *label);
