/* Any bytes as a council's calendar. What is accepted stands in order, and no date that it moves
   moves later. */
#include <assert.h>

#include "app/domain/caldate.h"
#include "app/domain/schedule.h"
#include "tests/fuzz/fuzz.h"

static void moves_no_date_later(const struct calendar *c, int32_t day)
{
    struct due law = schedule_due("14m", true, BASIS_LAW, day, CALDATE_NONE, c);
    struct due week = schedule_due("7d", true, BASIS_GUIDE, day, CALDATE_NONE, c);

    assert(law.due <= law.lawful && law.due > day);
    assert(week.due > day && (week.due <= week.lawful || calendar_open(c, week.due)));
    assert(calendar_half_term_end(c, day) >= day - 1);
    assert(calendar_summer_start(c, day) <= calendar_summer_end(c, day));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct calendar c;
    struct arena a;

    arena_init(&a, 4 * 1024 * 1024);
    if (calendar_parse(&a, (const char *)data, size, &c, NULL) == ERR_OK) {
        assert(c.count > 0 && c.count <= CALENDAR_SPANS_MAX && c.name != NULL);
        for (size_t i = 0; i < c.count; i++) {
            assert(c.spans[i].first_day <= c.spans[i].last_day && c.spans[i].name != NULL);
            assert(i == 0 || c.spans[i - 1].first_day <= c.spans[i].first_day);
        }
        moves_no_date_later(&c, c.spans[0].first_day);
        moves_no_date_later(&c, c.spans[c.count - 1].last_day);
        moves_no_date_later(&c, c.spans[c.count / 2].last_day + 1);
    }
    arena_done(&a);
    return 0;
}
