/* What the two screens of one's own training share. */
#pragma once

#include "app/domain/training.h"
#include "app/screens/parts.h"
#include "app/store/mine.h"

struct training_list {
    struct mine_row *rows;
    struct training *training; /* one for each row */
    size_t count;
};
/* The signed-in person's records, oldest first. In the arena. */
MUST_USE enum err training_read(struct app *app, struct arena *a, struct training_list *out,
                                struct why *why);
/* What the course is called: its document's title, else as it was written. In the frame's arena. */
const char *training_title(struct app *app, const struct mine_row *row);
/* How many run out within 90 days or have run out: older records that a later one replaced do not count. */
void training_due(const struct training_list *list, int32_t today, size_t *out_soon,
                  size_t *out_gone);
