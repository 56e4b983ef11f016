/* What was scanned, from its text alone: the shape. Whether it is known is the store's answer.
   Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app/scan/decode.h"

enum thing_kind {
    THING_LABEL, /* could be an item's label: looked up in the register, else «New label» */
    THING_BADGE, /* "CANNY-P:<code>": a person's badge */
    THING_ENROL, /* "CANNY-ENROL:1?hub=URL&code=CODE&key=HEX" */
    THING_HELLO, /* "CANNY-HELLO:1?key=HEX&name=NAME": a kiosk that wants to belong to a school */
    THING_ADMIT, /* "CANNY-ADMIT:1?site=HEX&name=NAME&by=HEX&to=HEX&at=MS&sig=BASE64": the answer */
    THING_LINK,  /* a web address: told, never opened */
    THING_ODD,   /* control characters, too long, empty, invalid UTF-8: cannot be a label */
};

enum { LABEL_MAX = 64 };

struct thing {
    enum thing_kind kind;
    char code[256]; /* LABEL: the label, trimmed; BADGE: the badge code; ENROL: the code */
    char hub[256];  /* ENROL */
    char key[65];   /* ENROL: the hub's public key, hex; HELLO: the kiosk's; ADMIT: of who admits */
    char name[128]; /* HELLO: the kiosk's; ADMIT: the school's */
    char site[17];  /* ADMIT */
    char to[9];     /* ADMIT: the first digits of the kiosk that it is for */
    char sig[96];   /* ADMIT: base64 */
    int64_t at_ms;  /* ADMIT: when it was signed */
    char shown[96]; /* safe to show: control characters as ␀-like pictures, shortened with … */
    const char *reason; /* ODD: what is wrong with it, for people; static */
    bool ours;          /* ODD: a code made by our own programs; reason is the whole message */
};
/* symbology SYM_NONE: typed or by a wedge scanner. */
void thing_resolve(const char *payload, size_t len, enum symbology symbology, struct thing *out);
