#include "tests/app/domain/chem_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { ARENA_MAX = 64 * 1024 * 1024, FILE_BYTES_MAX = 1024 * 1024 };

char *chem_rig_source(struct arena *a, const char *path, size_t *out_len)
{
    char whole[FS_PATH_MAX];
    struct why why = { 0 };
    char *text = NULL;
    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(fs_join(whole, getenv("CANNY_SOURCE"), path, NULL), ERR_OK);
    if (fs_read(a, whole, FILE_BYTES_MAX, &text, out_len, &why) != ERR_OK)
        fail_msg("%s: %s", path, why.text);
    return text;
}

static void chem_rig_add(struct chem_rig *rig, const char *name)
{
    struct why why = { 0 };
    size_t len = 0;
    struct doc *d = &rig->docs[rig->count];
    char *text = chem_rig_source(
        &rig->arena, arena_printf(&rig->arena, "assets/content/docs/chemicals/%s", name), &len);
    assert_true(rig->count < CHEM_RIG_MAX);
    if (doc_parse(&rig->arena, text, len, d, &why) != ERR_OK)
        fail_msg("%s: %s", name, why.text);
    if (chemical_from_doc(&rig->arena, d, &rig->all[rig->count], &why) != ERR_OK)
        fail_msg("%s: %s", name, why.text);
    rig->count++;
}

void chem_rig_begin(struct chem_rig *rig)
{
    char folder[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    memset(rig, 0, sizeof *rig);
    arena_init(&rig->arena, ARENA_MAX);
    assert_non_null(getenv("CANNY_SOURCE"));
    assert_int_equal(fs_join(folder, getenv("CANNY_SOURCE"), "assets/content/docs/chemicals", NULL),
                     ERR_OK);
    assert_int_equal(fs_list(&rig->arena, folder, CHEM_RIG_MAX, &names, &count, NULL), ERR_OK);
    for (size_t i = 0; i < count; i++)
        if (str_ends(names[i], ".md"))
            chem_rig_add(rig, names[i]);
}

void chem_rig_end(struct chem_rig *rig)
{
    arena_done(&rig->arena);
}

const struct chemical *chem_rig_get(const struct chem_rig *rig, const char *id)
{
    for (size_t i = 0; i < rig->count; i++)
        if (str_eq(rig->all[i].id, id))
            return &rig->all[i];
    fail_msg("no chemical %s", id);
    return NULL;
}

const struct doc *chem_rig_doc(const struct chem_rig *rig, const char *id)
{
    for (size_t i = 0; i < rig->count; i++)
        if (str_eq(rig->docs[i].id, id))
            return &rig->docs[i];
    fail_msg("no chemical %s", id);
    return NULL;
}
