#include "app/scan/decode.h"

#include <stdlib.h>
#include <string.h>

#include "app/scan/gate.h"
#include "app/scan/luma.h"
#include "app/scan/reader.h"

enum { FRAMES_PER_CYCLE = 6, FRAMES_TO_TRUST = 2 };

enum pass_light { LIGHT_PLAIN, LIGHT_LEVEL, LIGHT_THRESHOLD };
enum pass_reads { READS_LINEAR, READS_QR, READS_ANGLES };

/* One way of looking at a picture. */
struct pass {
    int frame;  /* of the cycle, that pays for it */
    int tenths; /* of the picture's size */
    enum pass_light light;
    int window_px; /* of the local mean, where light needs one */
    bool inverted;
    enum pass_reads reads;
    int density; /* rows and columns apart; px apart for lines at angles */
    int turn;    /* degrees added to the angles */
};

/* Ordered by frame, and within one so that equal pictures stand together and are prepared once. */
static const struct pass passes[] = {
    { 0, 10, LIGHT_PLAIN, 0, false, READS_LINEAR, 8, 0 },
    { 0, 10, LIGHT_THRESHOLD, 95, false, READS_QR, 1, 0 },
    { 1, 10, LIGHT_LEVEL, 127, false, READS_LINEAR, 3, 0 },
    { 1, 3, LIGHT_LEVEL, 31, false, READS_QR, 1, 0 },
    { 1, 3, LIGHT_LEVEL, 31, false, READS_LINEAR, 4, 0 },
    { 1, 5, LIGHT_THRESHOLD, 63, false, READS_QR, 1, 0 },
    { 2, 10, LIGHT_PLAIN, 0, false, READS_ANGLES, 8, 0 },
    { 2, 10, LIGHT_THRESHOLD, 31, false, READS_LINEAR, 4, 0 },
    { 3, 10, LIGHT_LEVEL, 127, false, READS_ANGLES, 8, 11 },
    { 4, 10, LIGHT_LEVEL, 95, false, READS_QR, 1, 0 },
    { 4, 10, LIGHT_THRESHOLD, 95, false, READS_LINEAR, 4, 0 },
    { 4, 3, LIGHT_PLAIN, 0, false, READS_QR, 1, 0 },
    { 5, 10, LIGHT_PLAIN, 0, false, READS_LINEAR, 2, 0 },
    { 5, 15, LIGHT_LEVEL, 31, false, READS_QR, 1, 0 },
    { 5, 5, LIGHT_THRESHOLD, 95, true, READS_QR, 1, 0 },
};

struct decoder {
    struct reader *reader;
    struct gate gate;
    struct luma_sums sums;
    struct luma fitted;
    struct luma scaled;
    struct luma lit;
    const struct pass *prepared; /* whose picture is in `lit`; NULL: none's of this frame */
    int64_t ms;                  /* of the frame being read */
    int64_t last_ms;
    int next; /* frame of the cycle */
};

const char *symbology_name(enum symbology s)
{
    switch (s) {
    case SYM_NONE:
        return "NONE";
    case SYM_CODE128:
        return "CODE-128";
    case SYM_CODE39:
        return "CODE-39";
    case SYM_EAN13:
        return "EAN-13";
    case SYM_EAN8:
        return "EAN-8";
    case SYM_UPCA:
        return "UPC-A";
    case SYM_UPCE:
        return "UPC-E";
    case SYM_ITF:
        return "ITF";
    case SYM_QR:
        return "QR";
    }
    return "NONE";
}

enum err decoder_new(struct decoder **out, struct why *why)
{
    enum err rc = ERR_OK;
    struct decoder *d = calloc(1, sizeof(*d));

    if (d == NULL)
        return why_set(why, ERR_NOMEM, 0, "barcode decoder");
    d->fitted.px = malloc(LUMA_PIXELS_MAX);
    d->scaled.px = malloc(LUMA_PIXELS_MAX);
    d->lit.px = malloc(LUMA_PIXELS_MAX);
    if (d->fitted.px == NULL || d->scaled.px == NULL || d->lit.px == NULL)
        rc = why_set(why, ERR_NOMEM, 0, "barcode decoder");
    else
        rc = reader_new(&d->reader, why);
    if (rc != ERR_OK) {
        decoder_free(d);
        return rc;
    }
    *out = d;
    return ERR_OK;
}

void decoder_free(struct decoder *d)
{
    if (d == NULL)
        return;
    reader_free(d->reader);
    free(d->fitted.px);
    free(d->scaled.px);
    free(d->lit.px);
    free(d);
}

static void decoder_vote(void *ctx, enum symbology s, const char *payload, size_t len,
                         unsigned lines)
{
    struct decoder *d = ctx;

    gate_vote(&d->gate, s, payload, len, lines, d->ms);
}

static bool pass_same_picture(const struct pass *a, const struct pass *b)
{
    return a != NULL && a->tenths == b->tenths && a->light == b->light &&
           a->window_px == b->window_px && a->inverted == b->inverted;
}

/* Makes the picture that the pass reads, in d->lit; false when the frame is too small or too large
   for it. */
static bool pass_prepare(struct decoder *d, const struct pass *p)
{
    const struct luma *from = &d->fitted;

    if (pass_same_picture(d->prepared, p))
        return true;
    d->prepared = NULL;
    if (p->tenths != 10) {
        if (!luma_scale(&d->fitted, p->tenths, &d->scaled))
            return false;
        from = &d->scaled;
    }
    switch (p->light) {
    case LIGHT_PLAIN:
        d->lit.w = from->w;
        d->lit.h = from->h;
        memcpy(d->lit.px, from->px, (size_t)from->w * (size_t)from->h);
        break;
    case LIGHT_LEVEL:
        luma_level(from, p->window_px, &d->sums, &d->lit);
        break;
    case LIGHT_THRESHOLD:
        luma_threshold(from, p->window_px, &d->sums, &d->lit);
        break;
    }
    if (p->inverted)
        luma_invert(&d->lit);
    d->prepared = p;
    return true;
}

static void pass_angles(struct decoder *d, const struct pass *p)
{
    enum { ANGLES = 8 };
    int degrees[ANGLES];

    for (int i = 0; i < ANGLES; i++)
        degrees[i] = i * 45 / 2 + p->turn;
    reader_lines(d->reader, &d->lit, degrees, ANGLES, p->density, decoder_vote, d);
}

static void pass_run(struct decoder *d, const struct pass *p)
{
    static const int upright[] = { 0, 90 };

    if (!pass_prepare(d, p))
        return;
    switch (p->reads) {
    case READS_LINEAR:
        reader_lines(d->reader, &d->lit, upright, COUNT_OF(upright), p->density, decoder_vote, d);
        break;
    case READS_QR:
        reader_qr(d->reader, &d->lit, p->density, decoder_vote, d);
        break;
    case READS_ANGLES:
        pass_angles(d, p);
        break;
    }
}

static void decoder_run(struct decoder *d, int frame)
{
    for (size_t i = 0; i < COUNT_OF(passes); i++)
        if (passes[i].frame == frame)
            pass_run(d, &passes[i]);
}

static enum err decoder_take(struct decoder *d, const struct scan_frame *f, struct why *why)
{
    d->prepared = NULL;
    if (f->w < 0 || f->h < 0 || f->w > SCAN_SIDE_MAX || f->h > SCAN_SIDE_MAX)
        return why_set(why, ERR_LIMIT, 0, "frame of %d x %d px, at most %d a side", f->w, f->h,
                       SCAN_SIDE_MAX);
    if (f->w > 0 && f->h > 0 && (f->luma == NULL || f->stride < f->w))
        return why_set(why, ERR_INPUT, 0, "frame of %d px width in rows of %d", f->w, f->stride);
    return ERR_OK;
}

/* Copies what the gate lets through, the most voted first. A linear code must have been seen in two
   frames (or two of the six looks at a still): votes of one look share its faults, such as two
   halves of different EAN lines put together, the edge of another label, or motion. */
static size_t decoder_give(const struct decoder *d, struct scan_symbol *out, size_t max)
{
    size_t order[GATE_CANDIDATES_MAX];
    size_t count = 0;

    for (size_t i = 0; i < d->gate.count; i++) {
        const struct gate_candidate *c = &d->gate.rows[i];
        bool trusted = c->symbology == SYM_QR || c->frames >= FRAMES_TO_TRUST;
        if (!trusted || !gate_passes(&d->gate, i))
            continue;
        size_t at = count++;
        for (; at > 0 && d->gate.rows[order[at - 1]].votes < c->votes; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    if (count > max)
        count = max;
    for (size_t i = 0; i < count; i++) {
        const struct gate_candidate *c = &d->gate.rows[order[i]];
        out[i].symbology = c->symbology;
        out[i].len = c->len;
        memcpy(out[i].payload, c->payload, c->len + 1);
    }
    return count;
}

enum err decoder_frame(struct decoder *d, const struct scan_frame *f, int64_t ms,
                       struct scan_symbol *out, size_t max, size_t *out_count, struct why *why)
{
    enum err rc = decoder_take(d, f, why);
    if (rc != ERR_OK)
        return rc;

    gate_age(&d->gate, ms);
    /* After a second without frames this is a new stream: it starts with the cheap passes. */
    if (ms < d->last_ms || ms - d->last_ms > 1000)
        d->next = 0;
    d->ms = ms;
    d->last_ms = ms;
    if (f->w > 0 && f->h > 0) {
        luma_fit(f, LUMA_SIDE_MAX, &d->fitted);
        decoder_run(d, d->next);
        d->next = (d->next + 1) % FRAMES_PER_CYCLE;
    }
    *out_count = decoder_give(d, out, max);
    return ERR_OK;
}

enum err decoder_still(struct decoder *d, const struct scan_frame *f, struct scan_symbol *out,
                       size_t max, size_t *out_count, struct why *why)
{
    enum err rc = decoder_take(d, f, why);
    if (rc != ERR_OK)
        return rc;

    gate_reset(&d->gate);
    d->ms = 0;
    d->next = 0;
    if (f->w > 0 && f->h > 0) {
        luma_fit(f, LUMA_SIDE_MAX, &d->fitted);
        for (int i = 0; i < FRAMES_PER_CYCLE; i++) {
            d->ms = i; /* so that the gate counts looks at the picture as it counts frames */
            decoder_run(d, i);
        }
    }
    *out_count = decoder_give(d, out, max);
    gate_reset(&d->gate);
    return ERR_OK;
}
