#include <string.h>

#include "app/domain/caldate.h"
#include "app/domain/form_judge.h"

enum { CODE_MAX = 256 };

static const char *thing_name(const struct form_thing *thing)
{
    if (thing->name != NULL && *thing->name != '\0')
        return thing->name;
    return thing->label != NULL ? thing->label : "";
}

static const char *instrument_fault(const struct judge *j, const struct form_thing *thing)
{
    struct caldate due;
    int32_t today;

    if (!thing->is_instrument)
        return arena_printf(j->a,
                            "%s is not an instrument that is kept in calibration. Scan another.",
                            thing_name(thing));
    if (thing->calibrated_day == CALDATE_NONE)
        return arena_printf(j->a, "%s has no calibration on record. Use another instrument.",
                            thing_name(thing));
    if (thing->calibration_due == CALDATE_NONE || !caldate_parse(j->facts->today, &today) ||
        thing->calibration_due >= today)
        return NULL;
    due = caldate_from_day(thing->calibration_due);
    return arena_printf(j->a, "The calibration of %s ran out on %d %s %d. Use another instrument.",
                        thing_name(thing), due.day, caldate_month_short(due.month), due.year);
}

static const char *code_fault(const struct judge *j, const struct form_field *field,
                              const char *code)
{
    struct form_thing thing = { .calibrated_day = CALDATE_NONE, .calibration_due = CALDATE_NONE };
    bool known = j->facts->thing(j->facts->ctx, code, &thing) && thing.known;
    bool person = known && thing.kind != NULL && str_eq(thing.kind, "person");

    if (str_eq(field->kinds, "new"))
        return known ? arena_printf(j->a, "The label %s is on %s already. Take a new label.", code,
                                    thing_name(&thing))
                     : NULL;
    if (!known)
        return arena_printf(j->a, "Nobody knows the code %s. Scan it again.", code);
    if (str_eq(field->kinds, "person"))
        return person ? NULL
                      : arena_printf(j->a, "%s is not a person's badge.", thing_name(&thing));
    if (person)
        return "This is a person's badge. Scan a label.";
    if (*field->kinds != '\0' && (thing.kind == NULL || !form_has_word(field->kinds, thing.kind)))
        return arena_printf(j->a, "%s is not what belongs here. Scan another label.",
                            thing_name(&thing));
    if (thing.do_not && field->instrument)
        return arena_printf(j->a,
                            "%s is out of use itself: do not use it. Take another instrument.",
                            thing_name(&thing));
    return field->instrument ? instrument_fault(j, &thing) : NULL;
}

const char *form_scan_fault(const struct judge *j, const struct form_field *field,
                            const char *value)
{
    const char *fault = NULL;

    if (*field->kinds == '\0' && !field->instrument && !field->many)
        return NULL;
    for (const char *at = value + strspn(value, " "); *at != '\0' && fault == NULL;) {
        size_t len = field->many ? strcspn(at, " ") : strlen(at);
        char code[CODE_MAX];

        if (len >= sizeof(code))
            return "This code is too long to be a label.";
        memcpy(code, at, len);
        code[len] = '\0';
        at += len;
        at += strspn(at, " ");
        if (field->many && form_has_word(at, code))
            return arena_printf(j->a, "%s is in the list twice. Take one out.", code);
        if (j->facts->thing != NULL && (*field->kinds != '\0' || field->instrument))
            fault = code_fault(j, field, code);
    }
    return fault;
}
