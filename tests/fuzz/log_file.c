/* Any bytes as a logger's file: what is taken is an answer that a form's temperature log reads. */
#include <assert.h>
#include <string.h>

#include "app/domain/steril_log.h"
#include "app/log_file.h"
#include "tests/fuzz/fuzz.h"

enum { ANSWER_MAX = 16 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct steril_log log;
    struct arena a;
    char *text = NULL;
    size_t count = 0;

    arena_init(&a, 4 * 1024 * 1024);
    if (log_file_parse(&a, (const char *)data, size, ANSWER_MAX, &text, &count, NULL) == ERR_OK) {
        assert(size <= LOG_FILE_MAX && strlen(text) <= ANSWER_MAX);
        if (steril_log_read(text, &log) == NULL && strchr(text, '\n') == NULL)
            assert(log.count == count);
    }
    arena_done(&a);
    return 0;
}
