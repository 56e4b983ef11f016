/* Why a formula of the trade will not answer. A function that can refuse returns NULL when it has
   answered; otherwise one of its module's refusals, and its output is untouched. Numbers out of a
   refused formula would look like a result, so there are none. */
#pragma once

struct refusal {
    const char *id;   /* stable, upper case: recorded, and compared with worked examples */
    const char *text; /* a sentence for people: what is wrong and what to do */
};
