#include "app/domain/training.h"

#include <string.h>

#include "app/domain/caldate.h"
#include "platform/base/str.h"

static bool later_end(int32_t end, int32_t than)
{
    if (than == CALDATE_NONE)
        return false;
    return end == CALDATE_NONE || end > than;
}

int32_t training_expires(const struct training *rows, size_t count, size_t i)
{
    int32_t best = rows[i].expires;

    if (rows[i].course[0] == '\0')
        return best;
    for (size_t j = 0; j < count; j++) {
        bool same = str_eq(rows[j].course, rows[i].course);
        bool refresh = str_eq(rows[j].refreshes, rows[i].course);

        /* A refresher without an end of its own tells nothing about the course's. */
        if (refresh && !same && rows[j].expires == CALDATE_NONE)
            continue;
        if ((same || refresh) && rows[j].day >= rows[i].day && later_end(rows[j].expires, best))
            best = rows[j].expires;
    }
    return best;
}

bool training_replaced(const struct training *rows, size_t count, size_t i)
{
    for (size_t j = 0; j < count && rows[i].course[0] != '\0'; j++)
        if (j != i && str_eq(rows[j].course, rows[i].course) &&
            (rows[j].day > rows[i].day || (rows[j].day == rows[i].day && j > i)))
            return true;
    return false;
}

enum training_state training_state(int32_t expires, int32_t today)
{
    if (expires == CALDATE_NONE)
        return TRAINING_HOLDS;
    if (expires < today)
        return TRAINING_RAN_OUT;
    return expires - today <= TRAINING_SOON_DAYS ? TRAINING_SOON : TRAINING_HOLDS;
}

void training_totals(const struct training *rows, size_t count,
                     struct training_total out[TRAINING_LEVELS])
{
    memset(out, 0, TRAINING_LEVELS * sizeof *out);
    for (size_t i = 0; i < count; i++) {
        int level = rows[i].level > 0 && rows[i].level < TRAINING_LEVELS ? rows[i].level : 0;

        if (training_replaced(rows, count, i))
            continue;
        out[level].courses++;
        if (level > 0)
            out[level].points += rows[i].points;
    }
}
