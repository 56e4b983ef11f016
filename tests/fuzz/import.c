/* Any bytes as a register from a spreadsheet. What is accepted without a fault can be recorded as it
   stands: every kind and form is a known one, every day lies where the form lets it. */
#include <assert.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/import.h"
#include "tests/fuzz/fuzz.h"

static const struct import_name kinds[] = {
    { .id = "cooker", .name = "Pressure cooker" },
    { .id = "fume-cupboard", .name = "Fume cupboard" },
    { .id = "chair", .name = "Chair" },
};
static const struct import_name forms[] = {
    { .id = "pr-use", .name = "Before use", .applies_to = "cooker" },
    { .id = "pr-exam",
      .name = "Examination",
      .applies_to = "cooker fume-cupboard",
      .entered = true },
    { .id = "el-fvi", .name = "Look over", .applies_to = "*" },
};

static bool known(const struct import_name *names, size_t count, const char *id)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(names[i].id, id) == 0)
            return true;
    return false;
}

static void recordable(const struct import_item *item, int32_t today)
{
    assert(known(kinds, sizeof kinds / sizeof *kinds, item->kind) && *item->name != '\0');
    assert(item->label != NULL && item->kit != NULL && item->school != NULL);
    assert(strlen(item->name) <= IMPORT_CELL_MAX && item->row >= 2);
    for (size_t i = 0; i < item->fact_count; i++)
        assert(*item->facts[i].key != '\0' && *item->facts[i].value != '\0');
    for (size_t i = 0; i < item->last_count; i++) {
        assert(known(forms, sizeof forms / sizeof *forms, item->lasts[i].form));
        assert(item->lasts[i].day != CALDATE_NONE && item->lasts[i].day <= today);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct import_known all = { .kinds = kinds,
                                      .kind_count = sizeof kinds / sizeof *kinds,
                                      .forms = forms,
                                      .form_count = sizeof forms / sizeof *forms,
                                      .today = 20779 };
    struct import in;
    struct arena a;

    arena_init(&a, 64 * 1024 * 1024);
    if (import_parse(&a, (const char *)data, size, &all, &in, NULL) == ERR_OK) {
        assert(in.item_count <= IMPORT_ROWS_MAX && in.fault_count <= IMPORT_FAULTS_MAX);
        for (size_t i = 0; i < in.fault_count; i++)
            assert(in.faults[i].column != NULL && strlen(in.faults[i].text) > 5);
        for (size_t i = 0; i < in.item_count && in.fault_count == 0; i++)
            recordable(&in.items[i], all.today);
    }
    arena_done(&a);
    return 0;
}
