/* What to do in an emergency: fixed pages in the program's own words, so that no content, old or broken,
   can take them away. Facts and confidence are those of the trade's notes: twenty minutes of rinsing is
   current practice in schools. Static. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EMERGENCY_STEPS_MAX = 6 };

struct emergency {
    const char *id;                       /* "eye": what an assessment names in action */
    const char *title;                    /* "Chemical in the eye" */
    const char *chip;                     /* for a large button: "Eye" */
    const char *act[EMERGENCY_STEPS_MAX]; /* what to do now, in order; NULL ends */
    const char *then;                     /* and after that */
    const char *never;                    /* what makes it worse; "" nothing */
    bool call;                            /* 999 belongs on the page, large */
    uint32_t icon;                        /* code point of the icon font */
};
/* In the order of the page: what cannot wait first. */
const struct emergency *emergency_all(size_t *out_count);
const struct emergency *emergency_by_id(const char *id); /* NULL none */
/* One line beneath every page: who else has to hear of it. */
const char *emergency_after(void);
