/* Any bytes as a line of the log. What is accepted must hold what the rest of the program builds
   on. */
#include <assert.h>
#include <string.h>

#include "platform/base/arena.h"
#include "sync/log/event.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct event e;
    const char *const *hashes = NULL;
    size_t count = 0;

    arena_init(&a, EVENT_ARENA);
    if (event_parse(&a, (const char *)data, size, &e, NULL) == ERR_OK) {
        assert(size <= EVENT_LINE_MAX && memchr(data, '\n', size) == NULL);
        assert(strlen(e.device) == KEYS_ID_TEXT - 1 && strlen(e.prev) == KEYS_ID_TEXT - 1);
        assert(e.seq >= 1 && e.seq <= (uint64_t)EVENT_SEQ_MAX);
        assert(e.hlc.ms >= 0 && strlen(e.at) == CLOCK_ISO - 1);
        assert(e.body != NULL && e.body->type == JNODE_OBJECT);
        enum err rc = event_hashes(&a, &e, &hashes, &count, NULL);
        assert(rc == ERR_NOMEM || (rc == ERR_OK && count <= EVENT_HASHES_MAX));
        const char *line = arena_strndup(&a, (const char *)data, size);
        assert(line == NULL || count == 0 || event_may_name(line));
    }
    arena_done(&a);
    return 0;
}
