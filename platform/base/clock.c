#include "platform/base/clock.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "platform/base/str.h"

/* Time known at one moment, and counted on from there by the time since the machine was switched on:
   whatever moves the machine's wall clock afterwards moves nothing here. */
struct clock_anchor {
    int64_t wall_ms, boot_ms;
    int64_t shift_ms; /* of the shifts, how much is in wall_ms */
};

struct clock {
    pthread_mutex_t lock;
    struct clock_machine machine;
    int64_t claim_ms;          /* added to the machine's wall clock: machine_now */
    int64_t shift_ms;          /* what drive scripts passed, of the wall time */
    int64_t mono_ms;           /* and of the monotonic time */
    struct clock_anchor floor; /* an untrusted clock reports nothing earlier */
    struct clock_anchor told;  /* by --now, by the network's time or by the hub */
    enum clock_trust trust;    /* of told; CLOCK_NONE: nobody told us anything */
    struct clock_now last;     /* boot_ms 0: never read */
    int64_t last_machine_ms;
    bool battery; /* a clock that ran while the machine was off, and not from 1970 */
    bool by_hand; /* somebody set the machine's clock while we ran */
    struct clock_learnt learnt;
    bool has_learnt;
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

/* ---- the machine ---- */

static int64_t clock_real_wall(void *ctx)
{
    struct timespec ts;
    (void)ctx;
    (void)clock_gettime(CLOCK_REALTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Counts on while a laptop sleeps, as CLOCK_MONOTONIC does not. */
static int64_t clock_real_boot(void *ctx)
{
    struct timespec ts;
    (void)ctx;
    (void)clock_gettime(CLOCK_BOOTTIME, &ts);
    return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* The kernel's own word: chrony, ntpd and systemd-timesyncd all clear STA_UNSYNC once a server has
   answered them, and the kernel sets it again some nine hours after the last answer. */
static bool clock_real_synced(void *ctx)
{
    struct timex t = { .modes = 0 };
    (void)ctx;
    return adjtimex(&t) != TIME_ERROR && (t.status & STA_UNSYNC) == 0;
}

static bool clock_never_synced(void *ctx)
{
    (void)ctx;
    return false;
}

/* The first line of a small file of the kernel's; false: there is none. */
static bool clock_kernel_says(const char *path, char *out, int size)
{
    FILE *f = fopen(path, "re");
    if (f == NULL)
        return false;
    bool read = fgets(out, size, f) != NULL;
    (void)fclose(f);
    return read;
}

static int64_t clock_real_battery(void *ctx)
{
    char text[32] = "";
    int64_t seconds = 0;
    (void)ctx;
    if (!clock_kernel_says("/sys/class/rtc/rtc0/since_epoch", text, sizeof text))
        return 0;
    text[strcspn(text, "\n")] = '\0';
    return str_to_i64(text, &seconds) ? seconds * 1000 : 0;
}

static int64_t clock_no_battery(void *ctx)
{
    (void)ctx;
    return 0;
}

/* The first sixteen digits of the kernel's boot id. 0 where it tells none. */
static uint64_t clock_real_boot_id(void)
{
    char text[64] = "";
    uint64_t id = 0;
    if (!clock_kernel_says("/proc/sys/kernel/random/boot_id", text, sizeof text))
        return 0;
    for (const char *p = text; *p != '\0' && id >> 60 == 0; p++) {
        if (*p >= '0' && *p <= '9')
            id = id << 4 | (uint64_t)(*p - '0');
        else if (*p >= 'a' && *p <= 'f')
            id = id << 4 | (uint64_t)(*p - 'a' + 10);
    }
    return id;
}

/* A battery clock that was never set, or whose battery is flat, starts long before this program was
   written. So does a machine without one, unless it kept the time of its last shutdown in a file. */
static bool clock_plausible(int64_t wall_ms)
{
    return wall_ms >= INT64_C(1767225600000); /* 2026-01-01 */
}

/* A machine whose clock claims a time is another one each time it starts. */
static void clock_set_machine(struct clock *c, const struct clock_options *o, int64_t claim)
{
    c->machine = (struct clock_machine){ .wall_ms = clock_real_wall,
                                         .boot_ms = clock_real_boot,
                                         .synced = clock_real_synced,
                                         .battery_ms = clock_real_battery };
    if (o->machine != NULL)
        c->machine = *o->machine;
    else if (o->now == NULL && o->machine_now == NULL)
        c->machine.boot = clock_real_boot_id();
    if (o->machine_now != NULL) {
        c->claim_ms = claim - c->machine.wall_ms(c->machine.ctx);
        c->machine.synced = clock_never_synced;
        c->machine.battery_ms = clock_no_battery;
        c->machine.boot =
            clock_real_boot_id() ^ (uint64_t)clock_real_boot(NULL) << 20 ^ (uint64_t)getpid();
    }
    c->battery = clock_plausible(c->machine.battery_ms(c->machine.ctx));
}

enum err clock_new(const struct clock_options *o, struct clock **out, struct why *why)
{
    const char *given = o->now != NULL ? o->now : o->machine_now;
    int64_t start = 0;
    if (given != NULL && !clock_parse_iso(given, &start))
        return why_set(why, ERR_INPUT, 0, "%s is not a time such as 2026-11-22T10:42:00Z", given);
    struct clock *c = calloc(1, sizeof *c);
    if (c == NULL)
        return why_set(why, ERR_NOMEM, 0, "clock: no memory");
    (void)pthread_mutex_init(&c->lock, NULL);
    clock_set_machine(c, o, start);
    int64_t boot_ms = c->machine.boot_ms(c->machine.ctx);
    c->floor = (struct clock_anchor){ .wall_ms = o->floor_ms, .boot_ms = boot_ms };
    if (o->now != NULL) {
        c->told = (struct clock_anchor){ .wall_ms = start, .boot_ms = boot_ms };
        c->trust = CLOCK_SET;
    } else if (o->told.trust >= CLOCK_NTP && o->told.boot != 0 && o->told.boot == c->machine.boot &&
               o->told.boot_ms <= boot_ms) {
        c->told = (struct clock_anchor){ .wall_ms = o->told.wall_ms, .boot_ms = o->told.boot_ms };
        c->trust = o->told.trust;
    }
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

/* ---- reading ---- */

static int64_t clock_since(const struct clock *c, const struct clock_anchor *a, int64_t boot_ms)
{
    return a->wall_ms + (boot_ms - a->boot_ms) + (c->shift_ms - a->shift_ms);
}

/* The floor helps a clock that nobody vouches for. Time told by the hub or the network stands above
   it: a stamp of 2099 from one bad day must not hold every later day there. */
static int64_t clock_floor(const struct clock *c, int64_t boot_ms)
{
    return c->floor.wall_ms > 0 ? clock_since(c, &c->floor, boot_ms) : 0;
}

static void clock_read_told(const struct clock *c, struct clock_now *now)
{
    int64_t floor_ms = c->trust < CLOCK_NTP ? clock_floor(c, now->boot_ms) : 0;
    now->wall_ms = clock_since(c, &c->told, now->boot_ms);
    now->trust = c->trust;
    if (now->wall_ms < floor_ms)
        now->wall_ms = floor_ms;
}

static void clock_read_alone(struct clock *c, int64_t machine_ms, struct clock_now *now)
{
    int64_t floor_ms = clock_floor(c, now->boot_ms);
    bool late = machine_ms + c->shift_ms < floor_ms;
    now->wall_ms = late ? floor_ms : machine_ms + c->shift_ms;
    now->trust = late || !clock_plausible(machine_ms + c->shift_ms) ? CLOCK_NONE
                 : c->by_hand                                       ? CLOCK_SET
                 : c->battery                                       ? CLOCK_RTC
                                                                    : CLOCK_NONE;
}

/* Whether the machine's clock jumped since the last reading. */
static bool clock_jumped(const struct clock *c, int64_t machine_ms, int64_t boot_ms)
{
    enum { JUMP_MS = 5000 }; /* more than a slow disk or a busy processor explains */
    int64_t by = machine_ms - c->last_machine_ms - (boot_ms - c->last.boot_ms);
    return c->last.boot_ms != 0 && (by > JUMP_MS || by < -JUMP_MS);
}

/* Network time may step the clock a moment before the kernel says so: what was first taken for a hand
   is put right by the reading that finds it synced. */
static void clock_note(struct clock *c, const struct clock_now *now)
{
    if (c->last.boot_ms != 0 && c->last.trust < CLOCK_NTP && now->trust >= CLOCK_NTP) {
        c->learnt = (struct clock_learnt){
            .old_ms = c->last.wall_ms + (now->boot_ms - c->last.boot_ms),
            .new_ms = now->wall_ms,
            .from = c->last.trust,
            .to = now->trust,
            .boot = now->boot,
            .boot_ms = now->boot_ms,
        };
        c->has_learnt = true;
    }
    c->last = *now;
}

static struct clock_now clock_read_locked(struct clock *c)
{
    const struct clock_machine *m = &c->machine;
    int64_t machine_ms = m->wall_ms(m->ctx) + c->claim_ms;
    struct clock_now now = { .boot = m->boot,
                             .boot_ms = m->boot_ms(m->ctx),
                             .mono_ms = clock_mono_ms() + c->mono_ms };
    if (clock_jumped(c, machine_ms, now.boot_ms))
        c->by_hand = true;
    bool synced = c->trust != CLOCK_SET && c->trust != CLOCK_HUB && m->synced(m->ctx);
    if (synced) {
        /* Kept, so that it holds when the network is gone for good and the kernel says no more. */
        c->trust = CLOCK_NTP;
        c->told = (struct clock_anchor){ .wall_ms = machine_ms + c->shift_ms,
                                         .boot_ms = now.boot_ms,
                                         .shift_ms = c->shift_ms };
    }
    if (c->trust == CLOCK_NONE)
        clock_read_alone(c, machine_ms, &now);
    else
        clock_read_told(c, &now);
    if (now.wall_ms < c->last.wall_ms && c->last.wall_ms - now.wall_ms < 1000)
        now.wall_ms = c->last.wall_ms; /* a small step back by NTP */
    c->last_machine_ms = machine_ms;
    clock_note(c, &now);
    return now;
}

struct clock_now clock_read(struct clock *c)
{
    (void)pthread_mutex_lock(&c->lock);
    struct clock_now now = clock_read_locked(c);
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
    enum { CLOSE_ENOUGH_MS = 5000 }; /* the road there and back is no better known than this */
    (void)pthread_mutex_lock(&c->lock);
    struct clock_now now = clock_read_locked(c);
    int64_t offset = hub_ms - now.wall_ms;
    bool close = offset < CLOSE_ENOUGH_MS && offset > -CLOSE_ENOUGH_MS;
    if (c->trust == CLOCK_SET || (close && now.trust >= CLOCK_NTP)) {
        offset = 0;
    } else {
        offset = close ? 0 : offset;
        c->told = (struct clock_anchor){ .wall_ms = now.wall_ms + offset,
                                         .boot_ms = now.boot_ms,
                                         .shift_ms = c->shift_ms };
        c->trust = CLOCK_HUB;
    }
    (void)pthread_mutex_unlock(&c->lock);
    return offset;
}

bool clock_take_learnt(struct clock *c, struct clock_learnt *out)
{
    (void)pthread_mutex_lock(&c->lock);
    bool has = c->has_learnt;
    if (has)
        *out = c->learnt;
    c->has_learnt = false;
    (void)pthread_mutex_unlock(&c->lock);
    return has;
}
