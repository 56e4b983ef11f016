/* Checks as the content's own forms give them: rows answered as the engine asks for, judged by it, and written into a body as
   the kiosk writes it. For benches that need thousands of lines of the size and shape of real ones. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "app/domain/check.h"
#include "app/store/content.h"
#include "platform/base/arena.h"
#include "platform/base/err.h"

/* A form filled in for a kind: once so that it passes, and once so that it fails where it can. */
struct checks_form {
    const char *kind;
    struct check pass, fail;
    bool fails; /* fail is filled in */
    int days;   /* usual days between two of them */
};
struct checks {
    struct arena a;
    struct checks_form *forms; /* those of one kind stand together */
    size_t count;
    size_t left_out; /* forms that no made-up answers satisfied */
};
MUST_USE enum err checks_open(struct checks *c, struct content *content, struct why *why);
void checks_close(struct checks *c);
/* The forms of a kind: from *out_first on, the number returned. */
size_t checks_of(const struct checks *c, const char *kind, size_t *out_first);
/* The body of one, for an item on a day; dice makes readings differ. NULL: no room. In the arena. */
const char *checks_body(const struct checks_form *f, bool fail, const char *item, int32_t day,
                        uint64_t dice, struct arena *a, enum form_outcome *out);
