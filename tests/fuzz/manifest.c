/* Any bytes as a manifest. What is accepted keeps every bound, and written down again is the same bytes: nothing in them was
   read over. */
#include "sync/update/manifest.h"

#include <assert.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"

static void fuzz_held(const struct manifest *m)
{
    uint64_t total = 0;

    assert(manifest_role_ok(m->role) && manifest_edition_ok(m->edition));
    assert(m->percent >= 0 && m->percent <= 100 && m->needs == MANIFEST_NEEDS);
    assert(m->file_count <= MANIFEST_FILES_MAX);
    for (size_t i = 0; i < m->file_count; i++) {
        assert(manifest_path_ok(m->role, m->files[i].path));
        assert(m->files[i].len <= MANIFEST_FILE_MAX);
        assert(manifest_find(m, m->files[i].path) == &m->files[i]);
        total += m->files[i].len;
    }
    assert(total == m->total && total <= MANIFEST_TOTAL_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct manifest m;
    struct arena a;
    struct buf again;

    arena_init(&a, (size_t)64 * 1024 * 1024);
    buf_init(&again, MANIFEST_BYTES_MAX + 1);
    if (manifest_parse(&a, data, size, &m, NULL) == ERR_OK) {
        fuzz_held(&m);
        assert(manifest_write(&m, &again, NULL) == ERR_OK);
        assert(again.len == size && memcmp(again.data, data, size) == 0);
        assert(manifest_head(&a, data, size, &m, NULL) == ERR_OK);
    }
    buf_free(&again);
    arena_done(&a);
    return 0;
}
