/* `canny-pack try`: what its files share. */
#pragma once

#include "app/domain/form.h"
#include "app/domain/nuclide.h"
#include "platform/base/json.h"

enum {
    TRY_ARENA = 64 * 1024 * 1024,
    TRY_FILE_MAX = 4 * 1024 * 1024,
    TRY_OUT_MAX = 16 * 1024 * 1024,
    TRY_KEYS_MAX = 20000,
};

struct try_answers {
    struct form_answer *rows;
    size_t count;
};

/* Reads {"question": "answer"}: a repeat is a list of objects, a group may be an object. Everything
   is in the arena. */
MUST_USE enum err try_answers_read(struct arena *a, const struct form *f, const struct json *root,
                                   struct try_answers *out, struct why *why);

/* Facts from a file, for forms that ask for them: {"item": {"serial": "12"}, "last": {"ohm": "0.1"},
   "series": {"ohm": "0.1 0.09"}, "stock": {"cylinder": "A1 A2"}, "things": {"A1": {"kind":
   "cylinder"}}}. The context of the callbacks in struct form_facts. */
struct try_facts {
    struct arena *a;
    const struct json *root; /* NULL: nothing is known */
};
void try_facts_bind(struct try_facts *t, struct form_facts *facts);

/* The table of half-lives, in the arena: the file asked for, else the nuclides.csv that lies beside the
   form's folder. *out stays as it is where there is none. */
MUST_USE enum err try_nuclides(struct arena *a, const char *form, const char *asked,
                               const struct nuclides **out, struct why *why);
