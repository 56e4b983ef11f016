/* The signs that the kiosk draws (assets/signs/<id>.svg) and what each says in words. A sign is never shown without its
   words, and its id is never shown. */
#pragma once

#include <stddef.h>

enum sign_kind {
    SIGN_GHS,       /* on a bottle: what the substance does */
    SIGN_MANDATORY, /* wear it, do it */
    SIGN_PROHIBITED,
    SIGN_WARNING, /* of a place, never of a substance */
    SIGN_SAFE,
    SIGN_FIRE,
};
struct sign {
    const char *id;    /* "m004" */
    const char *words; /* "Eye protection" */
    enum sign_kind kind;
};
const struct sign *sign_by_id(const char *id); /* NULL when there is none */
/* Its words; for an id that is none, the id itself, so that nothing is left out of a screen. */
const char *sign_words(const char *id);
const struct sign *sign_all(size_t *out_count);
