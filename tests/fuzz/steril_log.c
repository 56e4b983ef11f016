/* Any bytes as a temperature log: what is read goes forward in time, and its figures are figures. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "app/domain/steril_log.h"
#include "tests/fuzz/fuzz.h"

enum { LOG_BYTES_MAX = 64 * 1024 };

static void judge(const struct steril_log *log)
{
    struct steril_log_figures f = steril_log_figures(log);
    struct steril_result r;
    double above = steril_log_minutes_above(log, 121);

    assert(log->count >= 2 && log->count <= STERIL_LOG_MAX);
    assert(f.lowest_c <= f.highest_c && f.minutes >= 0 && f.longest_step_min <= f.minutes);
    assert(above >= 0 && above <= f.minutes * (1 + 1e-9));
    if (steril_f0(log->samples, log->count, 121.1, 10, &r) == NULL)
        assert(isfinite(r.f0_min) && r.f0_min >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct steril_log log;
    static char text[LOG_BYTES_MAX + 1];

    if (size > LOG_BYTES_MAX)
        size = LOG_BYTES_MAX;
    memcpy(text, data, size);
    text[size] = '\0';
    (void)steril_log_blank(text);
    if (steril_log_read(text, &log) == NULL)
        judge(&log);
    return 0;
}
