/* Any bytes as a document. What is accepted must be whole: every run lies in its block, every cell
   in its row; a list reads the same head from it; the linter says something about what is refused. */
#include <assert.h>
#include <string.h>

#include "app/domain/doc.h"
#include "app/domain/doc_lint.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a;
    struct doc d;
    struct doc front;
    struct doc_lint lint;
    const char *plain = NULL;

    arena_init(&a, 32 * 1024 * 1024);
    if (doc_parse(&a, (const char *)data, size, &d, NULL) == ERR_OK) {
        assert(d.block_count <= DOC_BLOCKS_MAX && d.id != NULL && d.title != NULL);
        for (size_t i = 0; i < d.block_count; i++) {
            for (size_t j = 0; j < d.blocks[i].run_count; j++)
                assert(memchr(d.blocks[i].runs[j].text, '\0', d.blocks[i].runs[j].len) == NULL);
            for (size_t j = 0; j < d.blocks[i].cell_count; j++)
                assert(d.blocks[i].cells[j] <= d.blocks[i].run_count &&
                       d.blocks[i].aligns[j] <= DOC_ALIGN_RIGHT);
            assert((d.blocks[i].picture != NULL) == (d.blocks[i].kind == DOC_PICTURE));
        }
        assert(doc_parse_front(&a, (const char *)data, size, &front, NULL) == ERR_OK);
        assert(strcmp(front.id, d.id) == 0 && front.revision == d.revision);
        assert(doc_plain(&a, &d, &plain, NULL) != ERR_OK || plain != NULL);
    }
    if (doc_lint(&a, (const char *)data, size, &lint, NULL) == ERR_OK)
        assert(lint.readable || lint.fault_count > 0);
    arena_done(&a);
    return 0;
}
