#include "app/store/import_take.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/project.h"
#include "app/store/query.h"
#include "app/store/record_parts.h"

enum { LABEL_ARENA_MAX = 1024 * 1024 };

enum err import_known_names(struct content *c, int32_t today, struct arena *a,
                            struct import_known *out, struct why *why)
{
    size_t kind_count = 0;
    size_t form_count = 0;
    const struct kind *kinds = content_kinds(c, &kind_count);
    const struct form_brief *forms = content_forms(c, &form_count);
    struct import_name *kind_names = arena_array(a, kind_count + 1, sizeof *kind_names);
    struct import_name *form_names = arena_array(a, form_count + 1, sizeof *form_names);

    if (kind_names == NULL || form_names == NULL)
        return why_set(why, ERR_NOMEM, 0, "no room for the names of kinds and checks");
    for (size_t i = 0; i < kind_count; i++)
        kind_names[i] =
            (struct import_name){ .id = kinds[i].id, .name = kinds[i].name, .applies_to = "" };
    for (size_t i = 0; i < form_count; i++)
        form_names[i] = (struct import_name){ .id = forms[i].id,
                                              .name = forms[i].title,
                                              .applies_to = forms[i].applies_to,
                                              .entered = forms[i].next_due[0] != '\0' };
    *out = (struct import_known){ .kinds = kind_names,
                                  .kind_count = kind_count,
                                  .forms = form_names,
                                  .form_count = form_count,
                                  .today = today };
    return ERR_OK;
}

static const struct import_item *item_labelled(const struct import *in, const char *label)
{
    char want[PROJECT_LABEL_MAX + 1];
    char have[PROJECT_LABEL_MAX + 1];

    project_label_key(want, label);
    for (size_t i = 0; i < in->item_count; i++) {
        project_label_key(have, in->items[i].label);
        if (have[0] != '\0' && str_eq(have, want))
            return &in->items[i];
    }
    return NULL;
}

/* The item here that carries the label; ERR_OK with "" when none does. */
static enum err item_here(struct store *s, const char *label, char out_id[KEYS_RANDOM_ID],
                          char out_name[96], struct why *why)
{
    struct item *items = NULL;
    size_t count = 0;
    struct arena a;
    enum err rc;

    out_id[0] = '\0';
    out_name[0] = '\0';
    arena_init(&a, LABEL_ARENA_MAX);
    rc = query_label(s, label, &a, &items, &count, why);
    if (rc == ERR_OK && count > 0) {
        (void)str_copy(out_id, KEYS_RANDOM_ID, items[0].id);
        (void)str_copy(out_name, 96, items[0].name);
    }
    arena_done(&a);
    return rc;
}

enum err import_check_store(struct store *s, struct arena *a, struct import *in, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < in->item_count && rc == ERR_OK; i++) {
        const struct import_item *item = &in->items[i];
        char id[KEYS_RANDOM_ID];
        char name[96];

        if (strlen(item->label) > PROJECT_LABEL_MAX) {
            import_fault(a, in, item->row, "label", "the label is longer than %d bytes",
                         PROJECT_LABEL_MAX);
            continue;
        }
        if (item->label[0] != '\0') {
            rc = item_here(s, item->label, id, name, why);
            if (rc == ERR_OK && id[0] != '\0')
                import_fault(a, in, item->row, "label",
                             "«%.60s» is on «%s» already; empty the row or give another label",
                             item->label, name);
        }
        if (rc != ERR_OK || item->kit[0] == '\0' || item_labelled(in, item->kit) != NULL)
            continue;
        rc = item_here(s, item->kit, id, name, why);
        if (rc == ERR_OK && id[0] == '\0')
            import_fault(a, in, item->row, "kit", "no item carries «%.60s», in this file or here",
                         item->kit);
    }
    return rc;
}

/* Facts of a row, as the register's line has them. */
static size_t row_facts(const struct import_item *item, struct fact out[STORE_FACTS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < item->fact_count && count < STORE_FACTS_MAX; i++)
        out[count++] = (struct fact){ .key = item->facts[i].key, .value = item->facts[i].value };
    return count;
}

static enum err take_item(struct import_run *r, size_t at, struct why *why)
{
    const struct import *in = r->in;
    const struct import_item *item = &in->items[at];
    struct fact facts[STORE_FACTS_MAX];
    char kit[KEYS_RANDOM_ID] = "";
    char name[96];
    struct item_draft draft = {
        .id = r->ids[at],
        .label = item->label,
        .kind = item->kind,
        .name = item->name,
        .detail = item->detail,
        .room = item->room,
        .shelf = item->shelf,
        .maker = item->maker,
        .model = item->model,
        .serial = item->serial,
        .school = item->school,
        .kit = kit,
        .facts = facts,
        .fact_count = row_facts(item, facts),
    };
    enum err rc = ERR_OK;

    if (item->kit[0] != '\0') {
        const struct import_item *in_file = item_labelled(in, item->kit);

        if (in_file != NULL)
            (void)str_copy(kit, sizeof kit, r->ids[in_file - in->items]);
        else
            rc = item_here(r->store, item->kit, kit, name, why);
    }
    return rc == ERR_OK ? record_item(r->store, r->now, r->actor, &draft, r->ids[at], why) : rc;
}

/* A date that nobody here signed for: said in the record, and shown as what it is. */
static enum err take_last(struct store *s, struct content *c, struct clock_now now,
                          const char *item, const struct import_last *last, const char *file,
                          struct why *why)
{
    const struct form_brief *form = content_form_brief(c, last->form);
    const struct check check = {
        .form = last->form,
        .form_version = form == NULL ? "" : form->version,
        .form_title = form == NULL ? last->form : form->title,
        .item = item,
        .day = last->day,
        .outcome = OUTCOME_PASS,
        .reason = file,
        .signed_by = "import",
        .interval = form == NULL ? "" : form->interval,
        .basis = form == NULL ? "" : form_basis_name(form->basis),
        .source = form == NULL ? "" : form->source,
        .edition = form == NULL ? "" : form->edition,
        .in_session = form != NULL && form->in_session,
        .calibration = form != NULL && form->calibration,
        .next_due = last->next_day,
        .imported = true,
    };

    return store_record_check(s, now, "", &check, NULL, why);
}

enum err import_begin(struct import_run *r, struct store *s, struct content *c,
                      struct clock_now now, const struct import *in, const char *actor,
                      const char *file, struct why *why)
{
    enum err rc;

    *r = (struct import_run){
        .store = s, .content = c, .now = now, .in = in, .actor = actor, .file = file
    };
    if (in->fault_count > 0)
        return why_set(why, ERR_INPUT, 0, "the file has faults");
    arena_init(&r->arena, (size_t)(IMPORT_ROWS_MAX + 1) * KEYS_RANDOM_ID + 65536);
    r->ids = arena_array(&r->arena, in->item_count + 1, sizeof *r->ids);
    rc = r->ids == NULL ? why_set(why, ERR_NOMEM, 0, "no room for the items")
                        : db_begin(&s->db, why);
    if (rc != ERR_OK) {
        arena_done(&r->arena);
        return rc;
    }
    for (size_t i = 0; i < in->item_count; i++)
        keys_random_id(r->ids[i]);
    r->open = true;
    return ERR_OK;
}

enum err import_step(struct import_run *r, size_t items, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t n = 0; n < items && r->done < r->in->item_count && rc == ERR_OK; n++) {
        const struct import_item *item = &r->in->items[r->done];

        rc = take_item(r, r->done, why);
        for (size_t k = 0; k < item->last_count && rc == ERR_OK; k++)
            rc = take_last(r->store, r->content, r->now, r->ids[r->done], &item->lasts[k], r->file,
                           why);
        if (rc != ERR_OK)
            return why_in(why, rc, "row %u", item->row);
        r->done++;
    }
    return ERR_OK;
}

enum err import_end(struct import_run *r, bool keep, struct why *why)
{
    enum err rc = ERR_OK;

    if (!r->open)
        return ERR_OK;
    if (keep && r->done == r->in->item_count)
        rc = store_finish(r->store, ERR_OK, why);
    else
        (void)!store_finish(r->store, ERR_INPUT, NULL); /* takes it back */
    arena_done(&r->arena);
    r->open = false;
    return rc;
}

enum err import_take(struct store *s, struct content *c, struct clock_now now,
                     const struct import *in, const char *actor, const char *file, struct why *why)
{
    struct import_run run;
    enum err rc = import_begin(&run, s, c, now, in, actor, file, why);
    enum err ended;

    if (rc != ERR_OK)
        return rc;
    rc = import_step(&run, in->item_count, why);
    ended = import_end(&run, rc == ERR_OK, rc == ERR_OK ? why : NULL);
    return rc == ERR_OK ? ended : rc;
}
