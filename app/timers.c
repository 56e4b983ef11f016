#include "app/timers.h"

#include "platform/base/str.h"
#include <string.h>

static int timers_index(const struct timers *t, const char *item, const char *form,
                        const char *field)
{
    for (size_t i = 0; i < t->count; i++)
        if (str_eq(t->rows[i].item, item) && str_eq(t->rows[i].form, form) &&
            (field == NULL || str_eq(t->rows[i].field, field)))
            return (int)i;
    return -1;
}

const struct timer *timers_find(const struct timers *t, const char *item, const char *form,
                                const char *field)
{
    int at = timers_index(t, item, form, field);
    return at < 0 ? NULL : &t->rows[at];
}

static void timers_remove(struct timers *t, size_t at)
{
    t->count--;
    memmove(t->rows + at, t->rows + at + 1, (t->count - at) * sizeof t->rows[0]);
}

bool timers_start(struct timers *t, const struct timer *timer, struct clock_now now)
{
    timers_drop(t, timer->item, timer->form, timer->field);
    if (t->count == TIMERS_MAX)
        return false;
    struct timer *to = &t->rows[t->count++];
    *to = *timer;
    to->start_mono_ms = now.mono_ms;
    to->start_wall_ms = now.wall_ms;
    to->done = false;
    return true;
}

void timers_drop(struct timers *t, const char *item, const char *form, const char *field)
{
    int at = timers_index(t, item, form, field);
    if (at >= 0)
        timers_remove(t, (size_t)at);
}

void timers_drop_form(struct timers *t, const char *item, const char *form)
{
    for (int at = timers_index(t, item, form, NULL); at >= 0;
         at = timers_index(t, item, form, NULL))
        timers_remove(t, (size_t)at);
}

static int64_t timer_left_ms(const struct timer *t, struct clock_now now)
{
    int64_t left = t->start_mono_ms + (int64_t)t->seconds * 1000 - now.mono_ms;
    return left < 0 ? 0 : left;
}

int timer_left_s(const struct timer *t, struct clock_now now)
{
    return (int)((timer_left_ms(t, now) + 999) / 1000);
}

int timer_run_s(const struct timer *t, struct clock_now now)
{
    int64_t run = (int64_t)t->seconds * 1000 - timer_left_ms(t, now);
    return run < 0 ? 0 : (int)(run / 1000);
}

struct timer *timers_due(struct timers *t, struct clock_now now)
{
    for (size_t i = 0; i < t->count; i++) {
        if (t->rows[i].done || timer_left_ms(&t->rows[i], now) > 0)
            continue;
        t->rows[i].done = true;
        return &t->rows[i];
    }
    return NULL;
}

const struct timer *timers_first(const struct timers *t, struct clock_now now)
{
    const struct timer *first = NULL;
    for (size_t i = 0; i < t->count; i++)
        if (!t->rows[i].done &&
            (first == NULL || timer_left_ms(&t->rows[i], now) < timer_left_ms(first, now)))
            first = &t->rows[i];
    return first;
}

int64_t timers_due_ms(const struct timers *t, struct clock_now now)
{
    const struct timer *first = timers_first(t, now);
    if (first == NULL)
        return INT64_MAX;
    int64_t left = timer_left_ms(first, now);
    /* What is shown is rounded up: it changes when a whole second is left. */
    return now.mono_ms + (left <= 0 ? 0 : (left - 1) % 1000 + 1);
}

void timer_words(char out[TIMERS_TEXT], int seconds)
{
    int h = seconds / 3600;
    int m = seconds / 60 % 60;
    int s = seconds % 60;
    if (h > 0)
        (void)str_format(out, TIMERS_TEXT, "%d:%02d:%02d", h, m, s);
    else
        (void)str_format(out, TIMERS_TEXT, "%d:%02d", m, s);
}

void timer_value(char out[TIMERS_TEXT], const char *unit, int seconds)
{
    if (str_eq(unit, "min") && seconds % 60 != 0)
        (void)str_format(out, TIMERS_TEXT, "%.2f", seconds / 60.0);
    else
        (void)str_format(out, TIMERS_TEXT, "%d", str_eq(unit, "min") ? seconds / 60 : seconds);
}

bool timer_key(char *out, size_t size, const char *field)
{
    return str_format(out, size, "timer:%s", field);
}

void timer_write(char out[TIMERS_TEXT], const struct timer *t)
{
    (void)str_format(out, TIMERS_TEXT, "%d %lld", t->seconds, (long long)t->start_wall_ms);
}

bool timer_read(const char *text, struct clock_now now, struct timer *out)
{
    char seconds[TIMERS_TEXT];
    const char *gap = strchr(text, ' ');
    int64_t s = 0;
    int64_t wall = 0;
    if (gap == NULL || (size_t)(gap - text) >= sizeof seconds)
        return false;
    memcpy(seconds, text, (size_t)(gap - text));
    seconds[gap - text] = '\0';
    if (!str_to_i64(seconds, &s) || !str_to_i64(gap + 1, &wall) || s < 1 || s > TIMERS_SECONDS_MAX)
        return false;
    int64_t gone = now.wall_ms - wall;
    if (now.trust == CLOCK_NONE || gone < 0 || gone > (int64_t)TIMERS_SECONDS_MAX * 1000)
        return false;
    out->seconds = (int)s;
    out->start_wall_ms = wall;
    out->start_mono_ms = now.mono_ms - gone;
    out->done = false;
    return true;
}
