#include "platform/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>

#include "platform/base/str.h"

/* Days from 1970-01-01 to a proleptic Gregorian date, by whole 400-year eras. */
static int64_t clock_days(int64_t y, int64_t m, int64_t d)
{
    y -= m <= 2 ? 1 : 0;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t of_era = y - era * 400;
    int64_t of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct clock {
    pthread_mutex_t lock;
    int64_t
        shift_ms;    /* added to the machine's wall and monotonic time by --now and drive scripts */
    int64_t mono_ms; /* added to the monotonic time alone: what drive scripts passed */
    int64_t learnt_ms; /* the hub's time minus ours */
    int64_t floor_ms;
    int64_t last_ms; /* never report earlier */
    bool by_hand;    /* --now was given */
    bool learnt;
};

const char *clock_trust_name(enum clock_trust trust)
{
    static const char *const names[] = { "none", "set", "rtc", "ntp", "hub" };
    return names[trust];
}

bool clock_trust_from(const char *name, enum clock_trust *out)
{
    for (int t = CLOCK_NONE; t <= CLOCK_HUB; t++) {
        if (strcmp(name, clock_trust_name((enum clock_trust)t)) == 0) {
            *out = (enum clock_trust)t;
            return true;
        }
    }
    return false;
}

int64_t clock_mono_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_MONOTONIC, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static int64_t clock_machine_ms(void)
{
    struct timespec ts;
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

enum err clock_new(const struct clock_options *o, struct clock **out, struct why *why)
{
    int64_t start = 0;
    if (o->now != NULL && !clock_parse_iso(o->now, &start))
        return why_set(why, ERR_INPUT, 0, "%s is not a time such as 2026-11-22T10:42:00Z", o->now);
    struct clock *c = calloc(1, sizeof *c);
    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "clock: no memory");
    (void)pthread_mutex_init(&c->lock, NULL);
    c->floor_ms = o->floor_ms;
    c->by_hand = o->now != NULL;
    if (c->by_hand)
        c->shift_ms = start - clock_machine_ms();
    *out = c;
    return ERR_OK;
}

void clock_free(struct clock *c)
{
    if (c == NULL)
        return;
    (void)pthread_mutex_destroy(&c->lock);
    free(c);
}

/* What the kernel says of its own clock: disciplined by NTP, or merely running. Without a clock
   battery it starts long before this program was written; a battery clock is a device under
   /dev. */
static enum clock_trust clock_machine_trust(int64_t wall_ms)
{
    static const int64_t before_this_program = INT64_C(1767225600000); /* 2026-01-01 */
    struct timex t = { .modes = 0 };
    int state = adjtimex(&t);
    if (state != TIME_ERROR && (t.status & STA_UNSYNC) == 0)
        return CLOCK_NTP;
    if (wall_ms < before_this_program)
        return CLOCK_NONE;
    struct timespec ts;
    FILE *rtc = fopen("/sys/class/rtc/rtc0/since_epoch", "re");
    if (rtc == NULL || clock_gettime(CLOCK_BOOTTIME, &ts) != 0) {
        if (rtc != NULL)
            (void)fclose(rtc);
        return CLOCK_NONE;
    }
    (void)fclose(rtc);
    return CLOCK_RTC;
}

struct clock_now clock_read(struct clock *c)
{
    int64_t machine = clock_machine_ms();
    (void)pthread_mutex_lock(&c->lock);
    struct clock_now now = {
        .wall_ms = machine + c->shift_ms + c->learnt_ms,
        .mono_ms = clock_mono_ms() + c->mono_ms,
        .trust = c->by_hand  ? CLOCK_SET
                 : c->learnt ? CLOCK_HUB
                             : CLOCK_NONE,
    };
    if (!c->by_hand && !c->learnt)
        now.trust = clock_machine_trust(machine);
    /* The floor helps a clock that nobody vouches for. Time told by the hub or NTP stands above it:
       a stamp of 2099 from one bad day must not hold every later day there. */
    if (now.trust < CLOCK_NTP && now.wall_ms < c->floor_ms)
        now.wall_ms = c->floor_ms;
    if (now.wall_ms < c->last_ms && c->last_ms - now.wall_ms < 1000)
        now.wall_ms = c->last_ms; /* a small step back by NTP */
    c->last_ms = now.wall_ms;
    (void)pthread_mutex_unlock(&c->lock);
    return now;
}

void clock_shift(struct clock *c, int64_t by_ms)
{
    (void)pthread_mutex_lock(&c->lock);
    c->shift_ms += by_ms;
    if (by_ms > 0)
        c->mono_ms += by_ms;
    (void)pthread_mutex_unlock(&c->lock);
}

int64_t clock_learn(struct clock *c, int64_t hub_ms)
{
    enum { CLOSE_ENOUGH_MS = 5000 };
    int64_t machine = clock_machine_ms();
    (void)pthread_mutex_lock(&c->lock);
    int64_t offset = hub_ms - (machine + c->shift_ms + c->learnt_ms);
    bool close = offset < CLOSE_ENOUGH_MS && offset > -CLOSE_ENOUGH_MS;
    bool ntp = clock_machine_trust(machine) == CLOCK_NTP;
    if (c->by_hand || (ntp && close && !c->learnt)) {
        offset = 0;
    } else {
        if (close)
            offset = 0; /* the road there and back is no better known than this */
        c->learnt_ms += offset;
        c->learnt = true;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return offset;
}

void clock_raise_floor(struct clock *c, int64_t floor_ms)
{
    (void)pthread_mutex_lock(&c->lock);
    if (floor_ms > c->floor_ms)
        c->floor_ms = floor_ms;
    (void)pthread_mutex_unlock(&c->lock);
}

void clock_iso(char out[CLOCK_ISO], int64_t wall_ms)
{
    /* Years 1970 to 9999: what a stamp can hold. */
    static const int64_t last = INT64_C(253402300799999);
    int64_t ms = wall_ms < 0 ? 0 : wall_ms > last ? last : wall_ms;
    time_t s = (time_t)(ms / 1000);
    struct tm tm;
    (void)gmtime_r(&s, &tm);
    char text[64];
    (void)snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
                   tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms % 1000));
    (void)str_copy(out, CLOCK_ISO, text);
}

/* Reads exactly n digits. */
static bool clock_digits(const char **at, int n, int *out)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        char ch = (*at)[i];
        if (ch < '0' || ch > '9')
            return false;
        v = v * 10 + (ch - '0');
    }
    *at += n;
    *out = v;
    return true;
}

static bool clock_char(const char **at, char want)
{
    if (**at != want)
        return false;
    (*at)++;
    return true;
}

static bool clock_parse_time(const char **at, int *ms)
{
    int h = 0;
    int m = 0;
    int s = 0;
    if (!clock_digits(at, 2, &h) || !clock_char(at, ':') || !clock_digits(at, 2, &m))
        return false;
    if (clock_char(at, ':') && !clock_digits(at, 2, &s))
        return false;
    if (h > 23 || m > 59 || s > 59)
        return false;
    *ms = ((h * 60 + m) * 60 + s) * 1000;
    int milli = 0;
    if (clock_char(at, '.')) {
        if (!clock_digits(at, 3, &milli))
            return false;
        *ms += milli;
    }
    (void)clock_char(at, 'Z');
    return true;
}

bool clock_parse_iso(const char *text, int64_t *out_ms)
{
    static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    const char *at = text;
    int y = 0;
    int mo = 0;
    int d = 0;
    if (!clock_digits(&at, 4, &y) || !clock_char(&at, '-') || !clock_digits(&at, 2, &mo) ||
        !clock_char(&at, '-') || !clock_digits(&at, 2, &d))
        return false;
    bool leap = (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
    if (y < 1970 || mo < 1 || mo > 12 || d < 1 || d > days[mo - 1] || (mo == 2 && d == 29 && !leap))
        return false;
    int ms = 0;
    if (*at == 'T' || *at == ' ') {
        at++;
        if (!clock_parse_time(&at, &ms))
            return false;
    }
    if (*at != '\0')
        return false;
    *out_ms = clock_days(y, mo, d) * 86400000 + ms;
    return true;
}
