/* Any bytes as what a form asks for: nothing opens by a typing error, and whoever must countersign is
   named. */
#include <assert.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/competence.h"
#include "tests/fuzz/fuzz.h"

enum { NEEDS_MAX = 4096, TODAY = 20779 };

static void judge(struct arena *a, const char *needs, bool read)
{
    const struct grant held[] = {
        { .code = "T", .until = CALDATE_NONE, .basis = "" },
        { .code = "R", .until = TODAY - 1, .basis = "" },
    };

    for (size_t count = 0; count <= 2; count++) {
        struct gate_answer answer = gate_judge(a, needs, held, count, TODAY);

        assert(answer.code != NULL && answer.countersign != NULL && *answer.words != '\0');
        assert(read || answer.gate == GATE_MISSING);
        assert((answer.gate == GATE_OPEN) == (*answer.countersign == '\0'));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct competence_needs needs;
    char text[NEEDS_MAX + 1];
    struct arena a;
    bool read;

    if (size > NEEDS_MAX)
        size = NEEDS_MAX;
    memcpy(text, data, size);
    text[size] = '\0';
    arena_init(&a, 1024 * 1024);
    read = competence_parse(text, &needs);
    if (read) {
        assert(needs.count <= COMPETENCE_CODES_MAX);
        for (size_t i = 0; i < needs.count; i++)
            assert(*needs.codes[i] != '\0' && *competence_name(needs.codes[i]) != '\0');
    }
    judge(&a, text, read);
    arena_done(&a);
    return 0;
}
