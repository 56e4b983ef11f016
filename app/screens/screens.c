#include "app/screens/screen.h"

#include <string.h>

#include "app/app.h"
#include "platform/base/attr.h"

static const struct screen *const screens[] = {
    /* One a line, so that two changes seldom meet. */
    /* clang-format off */
    &screen_home,
    &screen_item,
    &screen_check,
    &screen_sign_in,
    &screen_unknown,
    &screen_register,
    &screen_link,
    &screen_clash,
    &screen_due,
    &screen_items,
    &screen_sync,
    &screen_content,
    &screen_edition_news,
    &screen_wiped,
    &screen_unread,
    &screen_join,
    &screen_find,
    &screen_reader,
    &screen_why,
    &screen_differs,
    &screen_history,
    &screen_record,
    &screen_kiosk,
    &screen_kinds,
    &screen_many,
    &screen_move,
    &screen_edit,
    &screen_retire,
    &screen_kit,
    &screen_schools,
    &screen_more,
    &screen_readings,
    &screen_lab,
    &screen_lab_list,
    &screen_out,
    &screen_as_at,
    &screen_people,
    &screen_person,
    &screen_grant,
    &screen_erase,
    &screen_touched,
    &screen_awaiting,
    &screen_countersign,
    &screen_picture,
    &screen_look,
    &screen_send_on,
    &screen_certificates,
    &screen_certificate,
    &screen_certificate_add,
    &screen_print,
    &screen_log,
    &screen_tray,
    &screen_import,
    &screen_board,
    &screen_board_list,
    &screen_article,
    &screen_constituency,
    &screen_representative,
    &screen_handoff,
    &screen_letter_read,
    &screen_letters,
    &screen_letter,
    &screen_ask,
    &screen_chemical,
    &screen_assessment,
    &screen_steps,
    &screen_emergency,
    &screen_adapt,
    &screen_adapt_lines,
    &screen_adapt_line,
    &screen_adaptation,
    &screen_adaptations,
    &screen_versions,
    &screen_version,
    &screen_draft,
    &screen_approve,
    &screen_three_way,
    &screen_suggest,
    &screen_suggestion,
    &screen_suggestions,
    &screen_incident,
    &screen_look_again,
    &screen_prep,
    &screen_menu,
    &screen_duties,
    &screen_duty,
    &screen_training,
    &screen_training_add,
    &screen_challenges,
    &screen_head,
    &screen_cover,
    &screen_handover,
    &screen_network,
    &screen_kiosks,
    &screen_hello,
    &screen_admit,
    &screen_stick,
    &screen_recall_cover,
    &screen_recall,
    &screen_recall_news,
    &screen_recall_release,
    /* clang-format on */
};

const struct screen *screen_by_id(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(screens); i++)
        if (strcmp(screens[i]->id, id) == 0)
            return screens[i];
    return NULL;
}

bool screen_stale(struct app *app, uint64_t *seen)
{
    bool stale = *seen != app->version;
    *seen = app->version;
    return stale;
}
