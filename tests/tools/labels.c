/* Puts a printed label onto a desk in front of a camera that is not perfect: turned, tilted,
   blurred, dimmed, noisy.
   usage: canny-labels-tool LABEL.pgm OUTDIR STEM
          writes OUTDIR/STEM-<how>.pgm (640 x 480) for each row of `views`
          canny-labels-tool --list      prints each <how>
   Deterministic: noise comes from a fixed seed. Plain PGM (P5) in and out. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/base/attr.h"

enum {
    DESK_W = 640,
    DESK_H = 480,
    DESK_GREY = 120,
    LABEL_SIDE_MAX = 4096,
    SAMPLES = 3,
    BLUR_TAPS = 15
};

struct picture {
    int w, h;
    uint8_t *px;
};

/* How the label is held and seen. */
struct view {
    const char *how;
    double turn_deg;
    double tilt_deg; /* about the label's upright axis: one side is farther off */
    double blur_px;  /* sigma */
    double contrast; /* 1 = as printed */
    double dim;      /* grey levels taken away after that */
    double noise;    /* sigma, grey levels */
    double cover;    /* of the desk, by the label's long side; 0 = 0.7 */
};

static const struct view views[] = {
    { .how = "plain", .contrast = 1 },
    { .how = "turn7", .turn_deg = 7, .contrast = 1 },
    { .how = "turn15", .turn_deg = 15, .contrast = 1 },
    { .how = "turn45", .turn_deg = 45, .contrast = 1 },
    { .how = "turn90", .turn_deg = 90, .contrast = 1 },
    { .how = "turn180", .turn_deg = 180, .contrast = 1 },
    { .how = "tilt20", .tilt_deg = 20, .contrast = 1 },
    { .how = "tilt40", .tilt_deg = 40, .contrast = 1 },
    { .how = "tilt30turn15", .tilt_deg = 30, .turn_deg = 15, .contrast = 1 },
    { .how = "blur0.6", .blur_px = 0.6, .contrast = 1 },
    { .how = "blur1", .blur_px = 1, .contrast = 1 },
    { .how = "dim50", .contrast = 0.5, .dim = 40 },
    { .how = "dim20", .contrast = 0.2, .dim = 80 },
    { .how = "noise8", .contrast = 1, .noise = 8 },
    { .how = "noise15", .contrast = 1, .noise = 15 },
    { .how = "all",
      .turn_deg = -10,
      .tilt_deg = 15,
      .blur_px = 0.5,
      .contrast = 0.6,
      .dim = 30,
      .noise = 4 },
};

static void fail(const char *what, const char *operand)
{
    (void)fprintf(stderr, "canny-labels-tool: %s: %s\n", operand, what);
    exit(1);
}

static struct picture picture_make(int w, int h)
{
    struct picture p = { .w = w, .h = h, .px = calloc((size_t)w * (size_t)h, 1) };

    if (p.px == NULL)
        fail("no memory", "picture");
    return p;
}

static long pgm_number(FILE *f, const char *path)
{
    int c = fgetc(f);

    while (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '#') {
        if (c == '#')
            while (c != '\n' && c != EOF)
                c = fgetc(f);
        c = fgetc(f);
    }
    long v = 0;
    for (; c >= '0' && c <= '9' && v <= LABEL_SIDE_MAX; c = fgetc(f))
        v = v * 10 + (c - '0');
    if (v < 1 || v > LABEL_SIDE_MAX)
        fail("not a PGM of 1 to 4096 px a side", path);
    return v;
}

static struct picture pgm_read(const char *path)
{
    FILE *f = fopen(path, "rb");

    if (f == NULL)
        fail("cannot be opened", path);
    if (fgetc(f) != 'P' || fgetc(f) != '5')
        fail("not a PGM (P5)", path);
    int w = (int)pgm_number(f, path);
    int h = (int)pgm_number(f, path);
    if (pgm_number(f, path) != 255)
        fail("not 8 bits deep", path);
    struct picture p = picture_make(w, h);
    size_t n = (size_t)w * (size_t)h;
    if (fread(p.px, 1, n, f) != n)
        fail("cut short", path);
    (void)fclose(f);
    return p;
}

static void pgm_write(const struct picture *p, const char *path)
{
    FILE *f = fopen(path, "wb");
    size_t n = (size_t)p->w * (size_t)p->h;

    if (f == NULL)
        fail("cannot be written", path);
    if (fprintf(f, "P5\n%d %d\n255\n", p->w, p->h) < 0 || fwrite(p->px, 1, n, f) != n ||
        fclose(f) != 0)
        fail("cannot be written", path);
}

/* The label's grey at label coordinates, or the desk's. */
static double label_at(const struct picture *label, double u, double v)
{
    int x = (int)floor(u);
    int y = (int)floor(v);

    if (x < 0 || y < 0 || x >= label->w || y >= label->h)
        return DESK_GREY;
    return label->px[(size_t)y * (size_t)label->w + (size_t)x];
}

/* A camera straight above the desk, four desk widths away; the label lies turned and tilted in its
   middle. Each desk pixel is the mean of SAMPLES x SAMPLES rays. */
static void view_place(const struct picture *label, const struct view *v, struct picture *desk)
{
    const double rad = 3.14159265358979323846 / 180;
    const double far = 4.0 * DESK_W;
    double ct = cos(v->turn_deg * rad);
    double st = sin(v->turn_deg * rad);
    double cy = cos(v->tilt_deg * rad);
    double sy = sin(v->tilt_deg * rad);
    double cover = v->cover > 0 ? v->cover : 0.7;
    double scale = fmin(cover * DESK_W / hypot(label->w * ct, label->h * st),
                        cover * DESK_H / hypot(label->w * st, label->h * ct));

    for (int y = 0; y < DESK_H; y++)
        for (int x = 0; x < DESK_W; x++) {
            double sum = 0;
            for (int s = 0; s < SAMPLES * SAMPLES; s++) {
                double px = x + (s % SAMPLES + 0.5) / SAMPLES - DESK_W / 2.0;
                double py = y + (s / SAMPLES + 0.5) / SAMPLES - DESK_H / 2.0;
                double rx = px * ct + py * st;
                double ry = py * ct - px * st;
                /* rx = a cos(tilt) far / (far + a sin(tilt)), solved for the label's own a. */
                double a = rx * far / (cy * far - rx * sy);
                double b = ry * (far + a * sy) / far;
                sum += label_at(label, a / scale + label->w / 2.0, b / scale + label->h / 2.0);
            }
            desk->px[y * DESK_W + x] = (uint8_t)(sum / (SAMPLES * SAMPLES) + 0.5);
        }
}

static void blur_pass(const struct picture *from, const double *taps, int dx, int dy,
                      struct picture *to)
{
    for (int y = 0; y < from->h; y++)
        for (int x = 0; x < from->w; x++) {
            double sum = 0;
            for (int i = 0; i < BLUR_TAPS; i++) {
                int sx = x + (i - BLUR_TAPS / 2) * dx;
                int sy = y + (i - BLUR_TAPS / 2) * dy;
                sx = sx < 0 ? 0 : sx >= from->w ? from->w - 1 : sx;
                sy = sy < 0 ? 0 : sy >= from->h ? from->h - 1 : sy;
                sum += taps[i] * from->px[sy * from->w + sx];
            }
            to->px[y * from->w + x] = (uint8_t)(sum + 0.5);
        }
}

static void view_blur(double sigma, struct picture *desk)
{
    struct picture other = picture_make(desk->w, desk->h);
    double taps[BLUR_TAPS];
    double sum = 0;

    for (int i = 0; i < BLUR_TAPS; i++) {
        double d = i - BLUR_TAPS / 2;
        taps[i] = exp(-d * d / (2 * sigma * sigma));
        sum += taps[i];
    }
    for (int i = 0; i < BLUR_TAPS; i++)
        taps[i] /= sum;
    blur_pass(desk, taps, 1, 0, &other);
    blur_pass(&other, taps, 0, 1, desk);
    free(other.px);
}

/* Sum of twelve uniform numbers: near enough to a Gaussian of sigma 1. */
static double noise_next(uint32_t *state)
{
    double sum = -6;

    for (int i = 0; i < 12; i++) {
        *state = *state * 1664525u + 1013904223u;
        sum += (*state >> 8) / 16777216.0;
    }
    return sum;
}

static void view_light(const struct view *v, struct picture *desk)
{
    uint32_t seed = 42;

    for (int i = 0; i < desk->w * desk->h; i++) {
        double g = 128 + (desk->px[i] - 128.0) * v->contrast - v->dim;
        if (v->noise > 0)
            g += v->noise * noise_next(&seed);
        desk->px[i] = (uint8_t)(g < 0 ? 0 : g > 255 ? 255 : g + 0.5);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--list") == 0) {
        for (size_t i = 0; i < COUNT_OF(views); i++)
            (void)puts(views[i].how);
        return 0;
    }
    if (argc != 4) {
        (void)fputs("usage: canny-labels-tool LABEL.pgm OUTDIR STEM | --list\n", stderr);
        return 2;
    }
    struct picture label = pgm_read(argv[1]);
    struct picture desk = picture_make(DESK_W, DESK_H);
    for (size_t i = 0; i < COUNT_OF(views); i++) {
        char path[4096];
        int n = snprintf(path, sizeof(path), "%s/%s-%s.pgm", argv[2], argv[3], views[i].how);
        if (n < 0 || (size_t)n >= sizeof(path))
            fail("name too long", argv[2]);
        view_place(&label, &views[i], &desk);
        if (views[i].blur_px > 0)
            view_blur(views[i].blur_px, &desk);
        view_light(&views[i], &desk);
        pgm_write(&desk, path);
    }
    free(desk.px);
    free(label.px);
    return 0;
}
