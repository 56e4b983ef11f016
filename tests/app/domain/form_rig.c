#include "tests/app/domain/form_rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

char *rig_source(struct arena *a, const char *path, size_t *out_len)
{
    char full[FS_PATH_MAX];
    struct why why = { 0 };
    char *text = NULL;
    const char *source = getenv("CANNY_SOURCE");

    assert_non_null(source);
    assert_int_equal(fs_join(full, source, path, &why), ERR_OK);
    if (fs_read(a, full, RIG_FILE_MAX, &text, out_len, &why) != ERR_OK)
        fail_msg("%s: %s", full, why.text);
    return text;
}

void rig_csv(char *to, size_t size, const char *rows)
{
    assert_true(
        str_format(to, size,
                   "survey,,,,,,,,,,,\n"
                   ",type,name,label,required,relevant,constraint,calculation,kiosk::limit_low,"
                   "kiosk::limit_high,"
                   "kiosk::result,kiosk::critical\n"
                   "%s"
                   "choices\n,list_name,name,label\n,pfn,pass,Pass\n,pfn,fail,Fail\n,pfn,na,N/A\n"
                   ",colour,red,Red one\n,colour,green,Green one\n"
                   "settings\n,form_id,form_title,version,kiosk::interval,kiosk::basis\n"
                   ",test-form,Test form,1,use,PRACTICE\n",
                   rows));
}

void rig_done(struct form_rig *rig)
{
    form_done(&rig->form);
    arena_done(&rig->arena);
}

enum err rig_parse(struct form_rig *rig, const char *csv)
{
    memset(rig, 0, sizeof(*rig));
    arena_init(&rig->arena, 64 * 1024 * 1024);
    return form_parse(&rig->arena, csv, strlen(csv), &rig->form, &rig->faults, &rig->why);
}

void rig_form(struct form_rig *rig, const char *rows)
{
    static char csv[256 * 1024];
    enum err rc;

    rig_csv(csv, sizeof(csv), rows);
    rc = rig_parse(rig, csv);
    if (rc != ERR_OK)
        fail_msg("refused: %s", rig->why.text);
}

enum err rig_judge(struct form_rig *rig, const struct rig_answer *answers)
{
    static const char *values[FORM_FIELDS_MAX];
    struct form_answer given[RIG_ANSWERS_MAX] = { { NULL, NULL } };
    size_t count = 0;
    enum err rc;

    if (rig->facts.today == NULL)
        rig->facts.today = "2026-11-22";
    for (; answers[count].field != NULL; count++)
        given[count] = (struct form_answer){ answers[count].field, answers[count].value };
    rc = form_unfold(&rig->form, given, count, &rig->facts, &rig->arena, &rig->laid, &rig->why);
    if (rc != ERR_OK)
        return rc;
    memset(values, 0, sizeof(values));
    for (size_t i = 0; i < count; i++) {
        int index = form_field_index(&rig->laid, given[i].key);

        if (index < 0)
            fail_msg("no field %s", given[i].key);
        values[index] = given[i].value;
    }
    return form_judge(&rig->laid, &(struct answers){ values }, &rig->facts, &rig->arena,
                      &rig->state, &rig->why);
}

const struct field_state *rig_state(const struct form_rig *rig, const char *field)
{
    int index = form_field_index(&rig->laid, field);

    if (index < 0)
        fail_msg("no field %s", field);
    return &rig->state.fields[index];
}
