#include "app/domain/override_parts.h"

/* Rows that one of the two forms has alone. */

void over_row_gone(struct over *o, size_t at)
{
    const struct form_field *f = &o->base->fields[at];
    struct over_point point = {
        .row = o->over->field_count > 0 ? o->over->fields[0].row : 1,
        .name = f->name,
        .label = f->label,
        .column = "",
        .what = override_row_words,
        .base = "there",
        .over = "left out",
        .todo = "Put the row back, with the same name.",
        .basis = f->basis,
        .bound = override_binds(f->basis) || o->held[at],
    };

    over_tell(o, OVERRIDE_LOOSER, &point);
}

void over_row_new(struct over *o, const struct form_field *f)
{
    /* What another row reads on the register is not for a row beside it to write. */
    bool taken = over_fact_taken(o, NULL, f->fact);
    struct over_point point = { .row = f->row,
                                .name = f->name,
                                .label = f->label,
                                .column = taken ? "kiosk::fact" : "",
                                .what = taken ? "kept on the register as" : override_row_words,
                                .base = "",
                                .over = taken ? f->fact : "added",
                                .todo = "Give it a fact of its own, or none.",
                                .basis = f->basis,
                                .bound = taken && override_binds(override_basis(o->base)) };

    over_tell(o, taken ? OVERRIDE_OTHER : OVERRIDE_STRICTER, &point);
}

/* The author's own row in the place of one that the kiosk asks behind a fail: one that always says «put right» would make
   every fail good. */
void over_row_own(struct over *o, size_t at, const struct form_field *f)
{
    const struct form_field *of = &o->base->fields[o->base->fields[at].reason_of];
    bool fix = of->put_right == (int)at;
    struct over_point point = { .row = f->row,
                                .name = f->name,
                                .label = f->label,
                                .column = "name",
                                .what = "what is asked behind a fail",
                                .base = o->base->fields[at].label,
                                .over = f->label,
                                .todo = "Take the row out: the kiosk asks this itself.",
                                .basis = of->basis,
                                .bound = fix && (override_binds(of->basis) ||
                                                 o->held[of - o->base->fields]) };

    over_tell(o, OVERRIDE_OTHER, &point);
}
