/* A random history of one site: lines of four devices that met now and then, two of them with wrong clocks, of every kind
   that a projection knows, of kinds and versions that none knows, and of bodies that are not what their kind says. In most
   of them the card of one was copied: its last lines left its chain and stand in lines of one or two others, and some that
   came later name them. The same seed gives the same lines. */
#pragma once

#include <stdlib.h>
#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/keys.h"
#include "platform/base/str.h"
#include "sync/log/carried.h"
#include "sync/log/event.h"
#include "tests/app/store/history_kinds.h"
#include "tests/app/store/support.h"

enum {
    HISTORY_LINES_MAX = 240,
    HISTORY_DEVICES = 5,
    HISTORY_FIRST = 4, /* of them write from the start; the last is the new key of a copied card */
    HISTORY_FORK_MAX = 24, /* lines that leave their chain */
    HISTORY_ODD = 8, /* one line in so many is of another version, names what is not there, ... */
};

struct history_line {
    char *text;
    size_t len;
    size_t device;
    uint64_t seq;
    char hash[KEYS_ID_TEXT];
    char id[EVENT_ID_TEXT];
    const char *kind;
    char subject[KEYS_ID_TEXT], form[8], actor[8];
};
struct history_device {
    struct keypair self; /* the id is all that is used */
    struct hlc clock;
    uint64_t seq;
    char prev[KEYS_ID_TEXT];
};
struct history {
    uint64_t seed, state;
    size_t writers; /* devices that write by now */
    struct history_device device[HISTORY_DEVICES];
    struct history_line line[HISTORY_LINES_MAX];
    size_t count;
    const struct history_line *about; /* what the next line names; NULL nothing */
    size_t only; /* the device that writes the next line; HISTORY_DEVICES any */
    struct history_line left[HISTORY_FORK_MAX]; /* those that left their chain */
    size_t left_count;
};

static inline uint64_t history_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static inline size_t history_below(uint64_t *state, size_t limit)
{
    return (size_t)(history_random(state) >> 11) % limit;
}

static const struct {
    char what;
    const char *kind;
} history_lines[] = {
    { 'I', "item." },
    { 'P', "person." },
    { 'C', "check." },
    { 'A', "assessment.adapted" },
    { 'S', "assessment.suggested" },
    { 'N', "document.incident" },
    { 'R', "stop." },
    { 'E', "" },
};

/* A line whose kind begins so; NULL: none yet. */
static inline const struct history_line *history_earlier(struct history *h, const char *kind)
{
    size_t from = h->count == 0 ? 0 : history_below(&h->state, h->count);

    for (size_t i = 0; i < h->count; i++) {
        const struct history_line *line = &h->line[(from + i) % h->count];
        if (strncmp(line->kind, kind, strlen(kind)) == 0)
            return line;
    }
    return NULL;
}

static inline void history_event(struct history *h, struct buf *out, const char *kind)
{
    const struct history_line *line = h->about;

    if (line == NULL || strncmp(line->kind, kind, strlen(kind)) != 0 ||
        history_below(&h->state, 3) == 0)
        line = history_earlier(h, kind);
    if (line == NULL || history_below(&h->state, HISTORY_ODD * 4) == 0) {
        /* A line that is not here, or not yet: of a device's next ones. */
        size_t device = history_below(&h->state, h->writers);
        buf_printf(out, "%s:%llu", h->device[device].self.id,
                   (unsigned long long)(h->device[device].seq + 1 + history_below(&h->state, 20)));
        return;
    }
    buf_str(out, line->id);
}

static inline void history_day(struct history *h, struct buf *out)
{
    static const char *const days[] = { "2026-11-20", "2026-11-21", "2026-11-22",
                                        "2027-11-22", "1970-01-02", "2099-06-30" };

    buf_str(out, days[history_below(&h->state, COUNT_OF(days))]);
}

static inline void history_one(struct history *h, struct buf *out, char what)
{
    static const char *const outcomes[] = { "pass", "advise", "fail", "quarantine", "pass" };
    static const char *const labels[] = { "EXA-1", "exa-1 ", "EXA-2", "OLD-7" };
    static const char *const codes[] = { "PT", "T" }; /* PT: who may approve */
    static const char *const incidents[] = { "near-miss", "accident", "near-miss", "spill" };
    static const struct {
        char what;
        const char *prefix;
        size_t count;
    } few[] = {
        { 'i', "i", 4 }, { 'p', "p", 4 }, { 't', "let", 3 }, { 'x', "c0", 3 }, { 'n', "", 4 }
    };

    for (size_t i = 0; i < COUNT_OF(history_lines); i++) {
        if (history_lines[i].what == what)
            history_event(h, out, history_lines[i].kind);
    }
    if (what == 's')
        buf_str(out, h->line[h->count].subject);
    if (what == 'D')
        buf_str(out, h->device[h->line[h->count].device].self.id);
    if (what == 'f')
        buf_str(out, h->line[h->count].form);
    for (size_t i = 0; i < COUNT_OF(few); i++) {
        if (few[i].what == what)
            buf_printf(out, "%s%zu", few[i].prefix, 1 + history_below(&h->state, few[i].count));
    }
    if (what == 'l')
        buf_str(out, labels[history_below(&h->state, COUNT_OF(labels))]);
    if (what == 'o')
        buf_str(out, outcomes[history_below(&h->state, COUNT_OF(outcomes))]);
    if (what == 'c')
        buf_str(out, codes[history_below(&h->state, COUNT_OF(codes))]);
    if (what == 'k')
        buf_str(out, incidents[history_below(&h->state, COUNT_OF(incidents))]);
    if (what == 'b')
        buf_str(out, history_below(&h->state, 2) == 0 ? "true" : "false");
    if (what == 'd')
        history_day(h, out);
    if (what == 'h') {
        char digit = "abcd"[history_below(&h->state, 4)];
        for (int i = 0; i < 64; i++)
            buf_printf(out, "%c", digit);
    }
}

static inline void history_fill(struct history *h, struct buf *out, const char *pattern)
{
    for (; *pattern != '\0'; pattern++) {
        if (*pattern == '%')
            history_one(h, out, *++pattern);
        else
            buf_printf(out, "%c", *pattern);
    }
}

/* What the device's clock says: two are right, one comes from 2099 and one from 1970 until they learn better. */
static inline struct clock_now history_now(struct history *h, size_t device)
{
    /* Several in the same millisecond, so that the device decides. */
    int64_t ms = (int64_t)h->count / 3 * 40;
    bool wrong = (device == 2 || device == 3) && h->count < HISTORY_LINES_MAX / 4 * (device - 1);
    const int64_t years = INT64_C(365) * 86400000;

    return (struct clock_now){
        .wall_ms = SUPPORT_MS + ms +
                   (!wrong        ? 0
                    : device == 2 ? 73 * years
                                  : -56 * years),
        .mono_ms = ms,
        .trust = wrong         ? CLOCK_NONE
                 : device == 0 ? CLOCK_HUB
                               : CLOCK_NTP,
    };
}

/* Chooses the earlier line that this one names, and what it has from it: subject, form, actor; the device too. */
static inline size_t history_begin(struct history *h, const struct history_kind *kind)
{
    struct history_line *line = &h->line[h->count];
    size_t device = history_below(&h->state, h->writers);
    struct why why = { 0 };
    struct buf subject;

    if (h->only < HISTORY_DEVICES)
        device = h->only;
    h->about = NULL;
    for (size_t i = 0; i < COUNT_OF(history_lines) && h->about == NULL; i++) {
        const char name[] = { '%', history_lines[i].what, '\0' };
        if (strstr(kind->body, name) != NULL)
            h->about = history_earlier(h, history_lines[i].kind);
    }
    line->device = device;
    buf_init(&subject, EVENT_NAME_MAX);
    history_fill(h, &subject, kind->subject);
    support_ok(buf_done(&subject, &why), &why);
    (void)str_copy(line->subject, sizeof line->subject, subject.len > 0 ? subject.data : "");
    buf_free(&subject);
    (void)str_format(line->form, sizeof line->form, "f%zu", 1 + history_below(&h->state, 4));
    (void)str_format(line->actor, sizeof line->actor, "p%zu", 1 + history_below(&h->state, 4));
    if (h->about == NULL || history_below(&h->state, 4) == 0)
        return device;
    if (line->subject[0] == h->about->subject[0])
        (void)str_copy(line->subject, sizeof line->subject, h->about->subject);
    (void)str_copy(line->form, sizeof line->form, h->about->form);
    if (strcmp(kind->kind, "check.withdrawn") != 0)
        return device;
    (void)str_copy(line->actor, sizeof line->actor, h->about->actor);
    return h->about->device < HISTORY_DEVICES && h->only == HISTORY_DEVICES ? h->about->device
                                                                            : device;
}

/* The line's text, and what it is known by. */
static inline void history_keep(struct history *h, size_t at, const char *text, const char *kind)
{
    struct history_device *device = &h->device[at];
    struct history_line *line = &h->line[h->count];

    device->seq++;
    keys_sha256_hex(device->prev, text, line->len);
    line->text = malloc(line->len + 1);
    assert_non_null(line->text);
    memcpy(line->text, text, line->len + 1);
    line->device = at;
    line->seq = device->seq;
    line->kind = kind;
    (void)str_copy(line->hash, sizeof line->hash, device->prev);
    event_id(line->id, device->self.id, device->seq);
    h->count++;
}

static inline void history_add(struct history *h, const struct history_kind *kind)
{
    size_t at = history_begin(h, kind);
    struct history_device *device = &h->device[at];
    struct history_line *line = &h->line[h->count];
    struct clock_now now = history_now(h, at);
    struct why why = { 0 };
    struct buf body;
    struct arena a;
    char *text = NULL;

    buf_init(&body, EVENT_LINE_MAX);
    arena_init(&a, 2 * EVENT_ARENA);
    history_fill(h, &body, kind->body);
    support_ok(buf_done(&body, &why), &why);
    /* Now and then it has heard of another's lines. */
    if (history_below(&h->state, 4) == 0)
        (void)hlc_merge(&device->clock, h->device[history_below(&h->state, 2)].clock, true,
                        now.trust >= CLOCK_NTP ? now.wall_ms : 0);
    bool itself = strcmp(kind->kind, "clock.learnt") == 0;
    const struct event_draft draft = { .kind = kind->kind,
                                       .subject = itself ? device->self.id : line->subject,
                                       .actor = line->actor,
                                       .body = body.data };
    support_ok(event_build(&a, &draft, device->self.id, device->seq + 1,
                           hlc_tick(&device->clock, now.wall_ms), now, device->prev, &text,
                           &line->len, &why),
               &why);
    /* One in so many is as a later release writes it. */
    if (history_below(&h->state, HISTORY_ODD) == 0) {
        char *version = strstr(text, "\"v\":1");
        assert_non_null(version);
        version[4] = '2';
    }
    history_keep(h, at, text, kind->kind);
    arena_done(&a);
    buf_free(&body);
}

/* ---- a copied card ---- */

/* The line in a line of another device; it is named by its hash from now on. */
static inline void history_carry(struct history *h, const struct history_line *left, size_t by,
                                 bool forgets)
{
    struct history_device *device = &h->device[by];
    struct history_line *line = &h->line[h->count];
    struct clock_now now = history_now(h, by);
    uint64_t numbers[CARRIED_NAMES_MAX];
    char(*hashes)[KEYS_ID_TEXT] = calloc(CARRIED_NAMES_MAX, sizeof *hashes);
    char subject[EVENT_ID_TEXT];
    struct why why = { 0 };
    struct event e;
    struct buf body;
    struct arena a;
    char *text = NULL;

    assert_non_null(hashes);
    arena_init(&a, 4 * EVENT_ARENA);
    buf_init(&body, EVENT_LINE_MAX);
    support_ok(event_parse(&a, left->text, left->len, &e, &why), &why);
    struct carried_draft d = { .device = e.device,
                               .hash = left->hash,
                               .line = left->text,
                               .len = left->len,
                               .numbers = numbers,
                               .hashes = (const char(*)[KEYS_ID_TEXT])hashes,
                               .count = carried_names(&e, numbers) };
    for (size_t n = 0; n < d.count && !forgets; n++) {
        for (size_t i = 0; i < h->count; i++)
            if (h->line[i].device == left->device && h->line[i].seq == numbers[n])
                (void)str_copy(hashes[n], KEYS_ID_TEXT, h->line[i].hash);
        for (size_t i = 0; i < h->left_count; i++)
            if (h->left[i].seq == numbers[n])
                (void)str_copy(hashes[n], KEYS_ID_TEXT, h->left[i].hash);
    }
    carried_write(&body, &d);
    support_ok(buf_done(&body, &why), &why);
    event_id(subject, e.device, e.seq);
    const struct event_draft draft = { .kind = CARRIED_KIND,
                                       .subject = subject,
                                       .body = body.data };
    support_ok(event_build(&a, &draft, device->self.id, device->seq + 1,
                           hlc_tick(&device->clock, now.wall_ms), now, device->prev, &text,
                           &line->len, &why),
               &why);
    (void)str_copy(line->subject, sizeof line->subject, left->subject);
    (void)str_copy(line->form, sizeof line->form, left->form);
    (void)str_copy(line->actor, sizeof line->actor, left->actor);
    history_keep(h, by, text, left->kind);
    event_id(line->id, left->hash, left->seq);
    line->device = HISTORY_DEVICES; /* nobody looks for it by a number */
    buf_free(&body);
    arena_done(&a);
    free(hashes);
}

/* The last lines of a device leave its chain, others take their place, and one or two devices carry those that left. */
static inline void history_fork(struct history *h)
{
    size_t at = history_below(&h->state, HISTORY_FIRST);
    struct history_device *device = &h->device[at];
    size_t kept = 0;

    if (device->seq < 2)
        return;
    uint64_t from = 1 + history_below(&h->state, device->seq);
    if (device->seq - from >= HISTORY_FORK_MAX)
        from = device->seq - HISTORY_FORK_MAX + 1;
    device->seq = 0;
    (void)str_copy(device->prev, sizeof device->prev, EVENT_NO_PREV);
    for (size_t i = 0; i < h->count; i++) {
        struct history_line *line = &h->line[i];
        if (line->device == at && line->seq >= from) {
            h->left[h->left_count++] = *line;
            continue;
        }
        if (line->device == at) {
            device->seq = line->seq;
            (void)str_copy(device->prev, sizeof device->prev, line->hash);
        }
        h->line[kept++] = *line;
    }
    h->count = kept;
    /* The copy counts on from the same stamp: now and then two lines share device, number and stamp. */
    for (size_t i = 1 + history_below(&h->state, 4); i > 0; i--) {
        h->only = at;
        history_add(h, &history_kinds[history_below(&h->state, COUNT_OF(history_kinds))]);
    }
    h->only = HISTORY_DEVICES;
    h->writers = HISTORY_DEVICES;
    size_t other = (at + 1 + history_below(&h->state, HISTORY_FIRST - 1)) % HISTORY_FIRST;
    size_t carriers = history_below(&h->state, 3); /* 0 the new key, 1 another kiosk, 2 both */
    for (size_t i = 0; i < h->left_count; i++) {
        bool forgets = history_below(&h->state, HISTORY_ODD) == 0;
        if (carriers != 1)
            history_carry(h, &h->left[i], HISTORY_FIRST, forgets);
        if (carriers != 0)
            history_carry(h, &h->left[i], other, false);
    }
    /* One that its chain holds after all, as where a hub was put back twice. */
    for (size_t i = 0; i < h->count && history_below(&h->state, 2) == 0; i++)
        if (h->line[i].device == at && h->line[i].seq + 2 >= from) {
            const struct history_line *held = &h->line[i];
            history_carry(h, held, other, false);
            break;
        }
}

/* Of count lines at the most; history_free. */
static inline void history_make(struct history *h, uint64_t seed, size_t count)
{
    *h = (struct history){ .seed = seed, .state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1 };
    for (size_t i = 0; i < HISTORY_DEVICES; i++) {
        struct history_device *device = &h->device[i];
        for (size_t k = 0; k < KEYS_ID_TEXT - 1; k++)
            device->self.id[k] = "0123456789abcdef"[history_below(&h->state, 16)];
        (void)str_copy(device->prev, sizeof device->prev, EVENT_NO_PREV);
    }
    h->writers = HISTORY_FIRST;
    h->only = HISTORY_DEVICES;
    bool forks = history_below(&h->state, 4) > 0;
    while (h->count < count / 2)
        history_add(h, &history_kinds[history_below(&h->state, COUNT_OF(history_kinds))]);
    if (forks)
        history_fork(h);
    while (h->count < count)
        history_add(h, &history_kinds[history_below(&h->state, COUNT_OF(history_kinds))]);
}

static inline void history_free(struct history *h)
{
    for (size_t i = 0; i < h->count; i++)
        free(h->line[i].text);
    for (size_t i = 0; i < h->left_count; i++)
        free(h->left[i].text);
    h->count = h->left_count = 0;
}
