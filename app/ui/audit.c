#include "app/ui/audit.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ui/inner.h"

static const double target_w_mm = 15, target_h_mm = 12;
static const double primary_w_mm = 20, primary_h_mm = 15;
static const double key_w_mm = 8, key_h_mm = 11.6;
static const double gap_mm = 3, gap_destructive_mm = 6;
static const double caps_mm = 2.4;
static const double caps_em = 0.727;
static const double contrast_min = 4.5;

struct audit {
    const struct ui_tree *tree;
    const struct ui_scale *scale;
    struct arena *arena;
    struct audit_faults found;
    bool failed;
};

static void PRINTF_LIKE(4, 5)
    audit_add(struct audit *a, const char *rule, const char *path, const char *fmt, ...)
{
    char text[256];
    const char *copy;
    va_list args;

    if (a->found.count >= AUDIT_FAULTS_MAX)
        return;
    va_start(args, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    copy = arena_strdup(a->arena, text);
    if (copy == NULL) {
        a->failed = true;
        return;
    }
    a->found.faults[a->found.count++] = (struct audit_fault){ rule, path, copy };
}

static double audit_channel(unsigned byte)
{
    double c = byte / 255.0;

    return c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
}

static double audit_light(color c)
{
    return 0.2126 * audit_channel((c >> 16) & 255u) + 0.7152 * audit_channel((c >> 8) & 255u) +
           0.0722 * audit_channel(c & 255u);
}

double audit_contrast(color a, color b)
{
    double la = audit_light(a);
    double lb = audit_light(b);

    return (fmax(la, lb) + 0.05) / (fmin(la, lb) + 0.05);
}

static bool audit_seen(const struct ui_node *n)
{
    return !rect_empty(n->seen);
}

/* Half a pixel is forgiven: sizes in millimetres seldom fall on whole pixels. */
static bool audit_less(double px, double need_mm, double px_per_mm)
{
    return px + 0.5 < need_mm * px_per_mm;
}

static void audit_size(struct audit *a, const struct ui_node *n)
{
    bool primary = (n->state & STATE_PRIMARY) != 0;
    double w = n->role == ROLE_KEY ? key_w_mm : primary ? primary_w_mm : target_w_mm;
    double h = n->role == ROLE_KEY ? key_h_mm : primary ? primary_h_mm : target_h_mm;

    if (!n->target || (!audit_seen(n) && (n->state & STATE_OFFPAGE) == 0))
        return;
    if (audit_less(n->r.w, w, a->scale->px_per_mm_x) ||
        audit_less(n->r.h, h, a->scale->px_per_mm_y))
        audit_add(a, "target-size", n->path, "«%.60s» is %.1f x %.1f mm; it needs %.1f x %.1f",
                  n->label, n->r.w / a->scale->px_per_mm_x, n->r.h / a->scale->px_per_mm_y, w, h);
}

static double audit_distance(const struct audit *a, struct rect p, struct rect q)
{
    int dx = imax(0, imax(q.x - (p.x + p.w), p.x - (q.x + q.w)));
    int dy = imax(0, imax(q.y - (p.y + p.h), p.y - (q.y + q.h)));

    return hypot(dx / a->scale->px_per_mm_x, dy / a->scale->px_per_mm_y);
}

static bool audit_above(const struct audit *a, const struct ui_node *high,
                        const struct ui_node *low)
{
    for (int up = low->parent; up >= 0; up = a->tree->nodes[up].parent)
        if (&a->tree->nodes[up] == high)
            return true;
    return false;
}

static void audit_gap(struct audit *a, const struct ui_node *p, const struct ui_node *q)
{
    bool destructive = ((p->state | q->state) & STATE_DESTRUCTIVE) != 0;
    double need = destructive ? gap_destructive_mm : gap_mm;
    double slack = 0.5 / fmin(a->scale->px_per_mm_x, a->scale->px_per_mm_y);
    double is;

    if (!p->target || !q->target || p->role == ROLE_KEY || q->role == ROLE_KEY)
        return;
    is = audit_distance(a, p->seen, q->seen);
    if (is + slack < need)
        audit_add(a, "target-gap", q->path, "«%.60s» is %.1f mm from «%.60s»; %.0f are needed%s",
                  q->label, is, p->label, need, destructive ? " about what destroys" : "");
}

static bool audit_holds(struct rect out, struct rect in)
{
    return in.x >= out.x && in.y >= out.y && in.x + in.w <= out.x + out.w &&
           in.y + in.h <= out.y + out.h;
}

static bool audit_is_text(const struct ui_node *n)
{
    return n->role == ROLE_TEXT || n->role == ROLE_HEADING || n->role == ROLE_BADGE;
}

/* Line boxes have air above and below their letters: a fifth of the size may meet. */
static bool audit_text_meets(const struct ui_node *p, const struct ui_node *q)
{
    struct rect m = rect_meet(p->seen, q->seen);

    return m.w > 2 && m.h > imax(2, imax(p->text_px, q->text_px) / 5);
}

static void audit_overlap(struct audit *a, const struct ui_node *p, const struct ui_node *q)
{
    bool texts = audit_is_text(p) && audit_is_text(q);
    struct rect m = rect_meet(p->seen, q->seen);

    if (rect_empty(m) || audit_above(a, p, q) || audit_above(a, q, p))
        return;
    if (texts && audit_text_meets(p, q)) {
        audit_add(a, "overlap", q->path, "the words «%.60s» stand on «%.60s»; nothing may",
                  q->label, p->label);
        return;
    }
    if (audit_is_text(p) || audit_is_text(q)) {
        const struct ui_node *other = audit_is_text(p) ? q : p;

        if (!other->target || audit_holds(other->seen, m) ==
                                  audit_holds(other->seen, audit_is_text(p) ? p->seen : q->seen))
            return;
    }
    if (texts || audit_holds(p->seen, q->seen) || audit_holds(q->seen, p->seen))
        return;
    if ((p->target && q->target) || p->parent == q->parent)
        audit_add(a, "overlap", q->path, "«%.60s» and «%.60s» share %d x %d px; 0 are allowed",
                  q->label, p->label, m.w, m.h);
}

static bool audit_in_scroll(const struct audit *a, const struct ui_node *n)
{
    for (int up = n->parent; up >= 0; up = a->tree->nodes[up].parent)
        if (a->tree->nodes[up].role == ROLE_SCROLL)
            return true;
    return false;
}

/* Words that were laid out in less than a line: cut away, by a clip of their own box, until nothing tells that
   they are there. */
static void audit_room(struct audit *a, const struct ui_node *n)
{
    bool offpage = (n->state & STATE_OFFPAGE) != 0;

    if (!audit_is_text(n) || n->label[0] == '\0' || n->text_px <= 0 || offpage)
        return;
    if (n->r.h < n->text_px || n->r.w <= 0)
        audit_add(a, "no-room", n->path, "«%.60s» has %d x %d px; a line of it is %d high",
                  n->label, n->r.w, n->r.h, n->text_px);
}

static void audit_words(struct audit *a, const struct ui_node *n)
{
    double caps = n->text_px * caps_em / a->scale->px_per_mm_y;
    double contrast;

    audit_room(a, n);
    if (!audit_seen(n))
        return;
    if ((n->state & STATE_CLIPPED) != 0)
        audit_add(a, "clipped", n->path, "«%.120s» is not shown whole; all of it is needed",
                  n->label);
    if (n->text_px <= 0 || n->label[0] == '\0')
        return;
    if (caps + 0.01 < caps_mm)
        audit_add(a, "text-size", n->path, "capitals of «%.60s» are %.1f mm high; %.1f are needed",
                  n->label, caps, caps_mm);
    contrast = audit_contrast(n->ink, n->paper);
    if (contrast < contrast_min)
        audit_add(a, "contrast", n->path,
                  "«%.60s» has %.1f:1 on what it stands on; %.1f:1 is needed", n->label, contrast,
                  contrast_min);
}

static void audit_place(struct audit *a, const struct ui_node *n)
{
    struct rect screen = a->tree->nodes[0].r;

    if (!audit_in_scroll(a, n) && !rect_empty(n->r) && !audit_holds(screen, n->r))
        audit_add(a, "off-screen", n->path,
                  "«%.60s» lies at %d, %d to %d, %d; the screen ends at %d, %d", n->label, n->r.x,
                  n->r.y, n->r.x + n->r.w, n->r.y + n->r.h, screen.w, screen.h);
}

static void audit_colour(struct audit *a, const struct ui_node *n)
{
    bool words = n->label[0] != '\0';
    bool icon = (n->state & STATE_ICON) != 0;

    if ((n->state & STATE_STATUS) != 0 && audit_seen(n) && !(words && icon))
        audit_add(a, "colour-only", n->path,
                  "«%.60s» tells its state by colour with %s; icon and word are needed", n->label,
                  words  ? "no icon"
                  : icon ? "no word"
                         : "neither icon nor word");
}

static int audit_path_cmp(const void *p, const void *q)
{
    const struct ui_node *const *a = p;
    const struct ui_node *const *b = q;

    return strcmp((*a)->path, (*b)->path);
}

static void audit_duplicates(struct audit *a)
{
    size_t count = a->tree->count;
    const struct ui_node **sorted = arena_array(a->arena, count, sizeof(const struct ui_node *));

    if (sorted == NULL) {
        a->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++)
        sorted[i] = &a->tree->nodes[i];
    qsort(sorted, count, sizeof(const struct ui_node *), audit_path_cmp);
    for (size_t i = 1; i < count; i++)
        if (strcmp(sorted[i - 1]->path, sorted[i]->path) == 0)
            audit_add(a, "duplicate", sorted[i]->path,
                      "«%.60s» and «%.60s» have one path; each needs its own", sorted[i - 1]->label,
                      sorted[i]->label);
    if (a->tree->full)
        audit_add(a, "duplicate", "/", "there are more widgets than the %d that the tree holds",
                  UI_NODES_MAX);
}

static void audit_headings(struct audit *a)
{
    for (size_t i = 0; i < a->tree->count; i++)
        if (a->tree->nodes[i].role == ROLE_HEADING && audit_seen(&a->tree->nodes[i]))
            return;
    audit_add(a, "heading", a->tree->count > 0 ? a->tree->nodes[0].path : "/",
              "the screen has 0 headings; 1 is needed to say where one is");
}

enum err audit_run(const struct ui_tree *tree, const struct ui_scale *scale, struct arena *arena,
                   struct audit_faults *out)
{
    struct audit a = { .tree = tree, .scale = scale, .arena = arena };

    a.found.faults = arena_array(arena, AUDIT_FAULTS_MAX, sizeof(*a.found.faults));
    if (a.found.faults == NULL)
        return ERR_NOMEM;
    for (size_t i = 0; i < tree->count; i++) {
        audit_size(&a, &tree->nodes[i]);
        audit_words(&a, &tree->nodes[i]);
        audit_place(&a, &tree->nodes[i]);
        audit_colour(&a, &tree->nodes[i]);
        for (size_t j = 1; j < i && audit_seen(&tree->nodes[i]); j++) {
            if (!audit_seen(&tree->nodes[j]))
                continue;
            audit_gap(&a, &tree->nodes[j], &tree->nodes[i]);
            audit_overlap(&a, &tree->nodes[j], &tree->nodes[i]);
        }
    }
    audit_duplicates(&a);
    audit_headings(&a);
    if (a.failed)
        return ERR_NOMEM;
    *out = a.found;
    return ERR_OK;
}
