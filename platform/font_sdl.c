#include "platform/font.h"

#include <SDL_ttf.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/base/arena.h"
#include "platform/base/attr.h"
#include "platform/base/str.h"

enum {
    GLYPH_SLOTS = 4096, /* a power of two */
    GLYPHS_MAX = 3072,
    GLYPH_BYTES_MAX = 6 * 1024 * 1024,
    KERN_SLOTS = 4096,
    KERNS_MAX = 3072,
    METRICS_SLOTS = 128,
    WIDTH_SLOTS = 2048,  /* a power of two: three screens full of words, and their beginnings */
    WIDTH_TEXT_MAX = 48, /* bytes; longer texts are measured each time */
    SIZE_PX_MAX = 400,
    FONT_FILE_MAX = 32 * 1024 * 1024,
    UNIT_PX = 1024, /* the size at which advances are measured, to have them finer than a pixel */
};

/* A font with a stand-in may be missing: its package came later than the first kiosks. */
static const struct font_file {
    const char *path, *package;
    enum draw_font stand_in; /* FONT_REGULAR: none is needed */
    bool optional;
} font_files[FONT_COUNT] = {
    [FONT_REGULAR] = { "/usr/share/fonts/opentype/inter/Inter-Regular.otf", "fonts-inter" },
    [FONT_MEDIUM] = { "/usr/share/fonts/opentype/inter/Inter-Medium.otf", "fonts-inter" },
    [FONT_SEMIBOLD] = { "/usr/share/fonts/opentype/inter/Inter-SemiBold.otf", "fonts-inter" },
    [FONT_BOLD] = { "/usr/share/fonts/opentype/inter/Inter-Bold.otf", "fonts-inter" },
    [FONT_ICON] = { "/usr/share/fonts/truetype/materialdesignicons-webfont/"
                    "materialdesignicons-webfont.ttf",
                    "fonts-materialdesignicons-webfont" },
    [FONT_ITALIC] = { "/usr/share/fonts/opentype/inter/Inter-Italic.otf", "fonts-inter",
                      FONT_MEDIUM, true },
    [FONT_BOLD_ITALIC] = { "/usr/share/fonts/opentype/inter/Inter-BoldItalic.otf", "fonts-inter",
                           FONT_BOLD, true },
    [FONT_MONO] = { "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf", "fonts-dejavu-core",
                    FONT_REGULAR, true },
    [FONT_REST] = { "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "fonts-dejavu-core",
                    FONT_REGULAR, true },
    [FONT_REST_BOLD] = { "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
                         "fonts-dejavu-core", FONT_BOLD, true },
};

struct face {
    TTF_Font *ttf; /* opened at first use */
    int size_px;   /* as set now */
    bool failed;
    void *file; /* mapped, under ttf */
    size_t file_size;
};

struct glyph_slot {
    uint64_t key; /* 0: free */
    struct glyph *glyph;
};
struct kern_slot {
    uint64_t key;
    int kern_unit; /* at UNIT_PX */
};
struct metrics_slot {
    uint64_t key;
    struct draw_metrics metrics;
};

/* A width as it was last measured. The text itself stands in it, so that no two are ever taken for
   each other. */
struct width_slot {
    uint32_t font_size; /* font + 1 and size; 0: free */
    int width;
    uint8_t len;
    char text[WIDTH_TEXT_MAX];
};

struct font_set {
    struct face faces[FONT_COUNT];
    struct arena glyph_memory;
    size_t glyph_count;
    struct glyph_slot glyphs[GLYPH_SLOTS];
    size_t kern_count;
    struct kern_slot kerns[KERN_SLOTS];
    struct metrics_slot metrics[METRICS_SLOTS];
    struct width_slot widths[WIDTH_SLOTS];
};

/* The font library reads a few bytes at a time, thousands of times at the first picture; from a
   mapped file that costs no call of the system. A package's update puts a new file in the place of
   this one, which stays ours. */
static TTF_Font *face_open(struct face *face, const char *path, int size_px)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return NULL;
    if (fstat(fd, &st) == 0 && st.st_size > 0 && st.st_size <= FONT_FILE_MAX) {
        void *file = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        face->file = file == MAP_FAILED ? NULL : file;
        face->file_size = (size_t)st.st_size;
    }
    (void)close(fd);
    SDL_RWops *rw = face->file ? SDL_RWFromConstMem(face->file, (int)face->file_size) : NULL;
    return rw ? TTF_OpenFontRW(rw, 1, size_px) : NULL;
}

static void face_close(struct face *face)
{
    if (face->ttf)
        TTF_CloseFont(face->ttf);
    if (face->file)
        (void)munmap(face->file, face->file_size);
    *face = (struct face){ 0 };
}

enum err font_set_new(struct font_set **out, struct why *why)
{
    for (size_t i = 0; i < FONT_COUNT; i++)
        if (!font_files[i].optional && access(font_files[i].path, R_OK) != 0)
            return why_set(why, ERR_NOT_FOUND, 0, "font %s: install the package %s",
                           strrchr(font_files[i].path, '/') + 1, font_files[i].package);

    struct font_set *f = calloc(1, sizeof(*f));
    if (!f)
        return why_set(why, ERR_NOMEM, 0, "fonts");
    if (TTF_Init() != 0) {
        free(f);
        return why_set(why, ERR_IO, 0, "fonts: %s", TTF_GetError());
    }
    arena_init(&f->glyph_memory, GLYPH_BYTES_MAX);
    *out = f;
    return ERR_OK;
}

void font_set_free(struct font_set *f)
{
    if (!f)
        return;

    for (size_t i = 0; i < FONT_COUNT; i++)
        face_close(&f->faces[i]);
    arena_done(&f->glyph_memory);
    free(f);
    TTF_Quit();
}

/* The face at this size; NULL when its file cannot be read after all. */
static TTF_Font *font_at(struct font_set *f, enum draw_font font, int size_px)
{
    struct face *face = &f->faces[font];
    if (face->failed && font_files[font].optional)
        face = &f->faces[font = font_files[font].stand_in];
    if (!face->ttf && !face->failed) {
        face->ttf = face_open(face, font_files[font].path, size_px);
        face->size_px = size_px;
        face->failed = !face->ttf;
        if (face->ttf)
            TTF_SetFontHinting(face->ttf, font == FONT_ICON ? TTF_HINTING_NONE : TTF_HINTING_LIGHT);
        else if (font_files[font].optional)
            return font_at(f, font, size_px);
    }
    if (face->ttf && face->size_px != size_px) {
        if (TTF_SetFontSize(face->ttf, size_px) != 0)
            return NULL;
        face->size_px = size_px;
    }
    return face->ttf;
}

static int font_size(int size_px)
{
    return size_px < 1 ? 1 : size_px > SIZE_PX_MAX ? SIZE_PX_MAX : size_px;
}

static uint64_t font_mix(uint64_t key)
{
    key *= 0x9E3779B97F4A7C15u;
    return key ^ key >> 32;
}

/* Rows and columns of a rendered glyph that hold ink. */
static SDL_Rect font_ink(const SDL_Surface *s)
{
    int x0 = s->w, x1 = -1, y0 = s->h, y1 = -1;
    for (int y = 0; y < s->h; y++) {
        const uint8_t *row = (const uint8_t *)s->pixels + (size_t)y * (size_t)s->pitch;
        for (int x = 0; x < s->w; x++) {
            if (row[x] == 0)
                continue;
            x0 = x < x0 ? x : x0;
            x1 = x > x1 ? x : x1;
            y0 = y < y0 ? y : y0;
            y1 = y;
        }
    }
    return x1 < 0 ? (SDL_Rect){ 0 } : (SDL_Rect){ x0, y0, x1 - x0 + 1, y1 - y0 + 1 };
}

static void font_raster(struct font_set *f, TTF_Font *ttf, uint32_t code_point, struct glyph *g)
{
    /* An 8-bit palette from black to white: the index is the coverage. */
    SDL_Color white = { 255, 255, 255, 255 }, black = { 0, 0, 0, 255 };
    SDL_Surface *s = TTF_RenderGlyph32_Shaded(ttf, code_point, white, black);
    if (!s)
        return;

    SDL_Rect ink = font_ink(s);
    int min_x = 0, max_x, min_y, max_y, advance;
    (void)TTF_GlyphMetrics32(ttf, code_point, &min_x, &max_x, &min_y, &max_y, &advance);
    uint8_t *alpha =
        ink.w > 0 ? arena_array(&f->glyph_memory, (size_t)ink.w * (size_t)ink.h, 1) : NULL;
    if (alpha) {
        for (int y = 0; y < ink.h; y++)
            memcpy(alpha + (size_t)y * (size_t)ink.w,
                   (const uint8_t *)s->pixels + (size_t)(ink.y + y) * (size_t)s->pitch + ink.x,
                   (size_t)ink.w);
        g->alpha = alpha;
        g->w = ink.w;
        g->h = ink.h;
        /* The picture starts at the pen, or left of it where the glyph does. */
        g->left = ink.x + (min_x < 0 ? min_x : 0);
        g->top = TTF_FontAscent(ttf) - ink.y;
    }
    SDL_FreeSurface(s);
}

static int font_unit_advance(TTF_Font *unit, uint32_t code_point)
{
    int min_x, max_x, min_y, max_y, advance;
    if (TTF_GlyphMetrics32(unit, code_point, &min_x, &max_x, &min_y, &max_y, &advance) != 0)
        return 0;
    return advance;
}

/* Control characters that came in with a scan are shown as what they are: not text. */
static uint32_t font_shown(uint32_t code_point)
{
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) ? 0xFFFD : code_point;
}

/* The font that has the character: the one asked for, or what fills its gaps. */
static enum draw_font font_with(struct font_set *f, enum draw_font font, uint32_t code_point)
{
    TTF_Font *ttf = font_at(f, font, UNIT_PX);
    enum draw_font rest = font == FONT_SEMIBOLD || font == FONT_BOLD || font == FONT_BOLD_ITALIC
                              ? FONT_REST_BOLD
                              : FONT_REST;
    if (font == FONT_ICON || !ttf || TTF_GlyphIsProvided32(ttf, code_point))
        return font;
    ttf = font_at(f, rest, UNIT_PX);
    return ttf && TTF_GlyphIsProvided32(ttf, code_point) ? rest : font;
}

bool font_has(struct font_set *f, enum draw_font font, uint32_t code_point)
{
    TTF_Font *ttf = font_at(f, font_with(f, font, code_point), UNIT_PX);
    return ttf && TTF_GlyphIsProvided32(ttf, code_point);
}

static struct glyph *font_make(struct font_set *f, enum draw_font font, int size_px,
                               uint32_t code_point)
{
    struct glyph *g = arena_alloc(&f->glyph_memory, sizeof(*g));
    font = font_with(f, font, code_point);
    TTF_Font *ttf = g ? font_at(f, font, UNIT_PX) : NULL;
    if (!ttf)
        return NULL;

    g->advance_64 = (font_unit_advance(ttf, code_point) * size_px * 64 + UNIT_PX / 2) / UNIT_PX;
    ttf = font_at(f, font, size_px);
    if (ttf)
        font_raster(f, ttf, code_point, g);
    return f->glyph_memory.failed ? NULL : g;
}

const struct glyph *font_glyph(struct font_set *f, enum draw_font font, int size_px,
                               uint32_t code_point)
{
    code_point = font_shown(code_point);
    size_px = font_size(size_px);
    uint64_t key = (uint64_t)(font + 1) << 40 | (uint64_t)size_px << 24 | (code_point & 0x1FFFFF);
    size_t at = font_mix(key) & (GLYPH_SLOTS - 1);
    while (f->glyphs[at].key != 0) {
        if (f->glyphs[at].key == key)
            return f->glyphs[at].glyph;
        at = (at + 1) & (GLYPH_SLOTS - 1);
    }
    struct glyph *g = f->glyph_count < GLYPHS_MAX ? font_make(f, font, size_px, code_point) : NULL;
    if (!g) {
        /* Full: start over with this one. */
        arena_reset(&f->glyph_memory);
        memset(f->glyphs, 0, sizeof(f->glyphs));
        f->glyph_count = 0;
        at = font_mix(key) & (GLYPH_SLOTS - 1);
        g = font_make(f, font, size_px, code_point);
        if (!g)
            return NULL;
    }
    f->glyphs[at] = (struct glyph_slot){ key, g };
    f->glyph_count++;
    return g;
}

/* Kerning stands in Inter's GPOS table, which SDL_ttf applies to whole strings only: it is the
   width of the pair less that of its parts. */
static int font_measure_kern(struct font_set *f, enum draw_font font, uint32_t left, uint32_t right)
{
    TTF_Font *unit = font_at(f, font, UNIT_PX);
    char pair[9] = { 0 };
    size_t len = utf8_put(pair, left);
    len += utf8_put(pair + len, right);
    int wide = 0, high = 0, alone = 0;
    if (!unit || TTF_SizeUTF8(unit, pair, &wide, &high) != 0)
        return 0;
    memmove(pair, pair + (len - utf8_put((char[4]){ 0 }, right)), 5);
    if (TTF_SizeUTF8(unit, pair, &alone, &high) != 0)
        return 0;

    /* A string is measured from its leftmost ink, where that lies left of the pen. */
    int left_x = 0, right_x = 0, max_x, min_y, max_y, advance = 0, unused;
    (void)TTF_GlyphMetrics32(unit, left, &left_x, &max_x, &min_y, &max_y, &advance);
    (void)TTF_GlyphMetrics32(unit, right, &right_x, &max_x, &min_y, &max_y, &unused);
    int kern = (wide + (left_x < 0 ? left_x : 0)) - advance - (alone + (right_x < 0 ? right_x : 0));
    /* Only the cut of a letter is believed; anything larger is a ligature or a mark. */
    return kern > UNIT_PX / 4 || kern < -UNIT_PX / 4 ? 0 : kern;
}

static bool font_kerns(uint32_t c)
{
    return c > 0x20 && c < 0x2100 && !(c >= '0' && c <= '9') && !(c >= 0x7F && c <= 0xA0);
}

int font_kern_64(struct font_set *f, enum draw_font font, int size_px, uint32_t left,
                 uint32_t right)
{
    if (font == FONT_ICON || font == FONT_MONO || !font_kerns(left) || !font_kerns(right))
        return 0;

    uint64_t key = (uint64_t)(font + 1) << 42 | (uint64_t)left << 21 | right;
    size_t at = font_mix(key) & (KERN_SLOTS - 1);
    while (f->kerns[at].key != 0 && f->kerns[at].key != key)
        at = (at + 1) & (KERN_SLOTS - 1);
    struct kern_slot *slot = &f->kerns[at];
    if (slot->key != key) {
        if (f->kern_count == KERNS_MAX) {
            memset(f->kerns, 0, sizeof(f->kerns));
            f->kern_count = 0;
            slot = &f->kerns[font_mix(key) & (KERN_SLOTS - 1)];
        }
        *slot = (struct kern_slot){ key, font_measure_kern(f, font, left, right) };
        f->kern_count++;
    }
    return slot->kern_unit * font_size(size_px) * 64 / UNIT_PX;
}

struct draw_metrics font_metrics(struct font_set *f, enum draw_font font, int size_px)
{
    size_px = font_size(size_px);
    uint64_t key = (uint64_t)(font + 1) << 16 | (uint64_t)size_px;
    struct metrics_slot *slot = &f->metrics[font_mix(key) & (METRICS_SLOTS - 1)];
    if (slot->key != key) {
        TTF_Font *ttf = font_at(f, font, size_px);
        slot->key = key;
        slot->metrics = (struct draw_metrics){ size_px, size_px / 4, size_px + size_px / 4 };
        if (ttf)
            slot->metrics = (struct draw_metrics){ TTF_FontAscent(ttf), -TTF_FontDescent(ttf),
                                                   TTF_FontLineSkip(ttf) };
    }
    return slot->metrics;
}

static int font_measure(struct font_set *f, enum draw_font font, int size_px, const char *text,
                        size_t len)
{
    int width_64 = 0;
    uint32_t before = 0;
    uint32_t code_point;
    size_t pos = 0;
    while ((code_point = utf8_next(text, len, &pos)) != 0) {
        if (before)
            width_64 += font_kern_64(f, font, size_px, before, code_point);
        const struct glyph *g = font_glyph(f, font, size_px, code_point);
        width_64 += g ? g->advance_64 : 0;
        before = code_point;
    }
    return (width_64 + 63) / 64;
}

static uint64_t font_hash(const char *text, size_t len)
{
    uint64_t hash = len;
    for (; len >= 8; len -= 8, text += 8) {
        uint64_t word;
        memcpy(&word, text, 8);
        hash = font_mix(hash ^ word);
    }
    uint64_t word = 0;
    for (size_t i = 0; i < len; i++)
        word = word << 8 | (uint8_t)text[i];
    return font_mix(hash ^ word);
}

/* A frame measures every text on it, several times where lines are broken, and nearly all of them
   are those of the frame before. */
int font_width(struct font_set *f, enum draw_font font, int size_px, const char *text, size_t len)
{
    if (!text || len == 0)
        return 0;
    if (len > WIDTH_TEXT_MAX)
        return font_measure(f, font, size_px, text, len);

    uint32_t font_size_key = (uint32_t)(font + 1) << 16 | (uint32_t)font_size(size_px);
    uint64_t hash = font_mix(font_hash(text, len) ^ font_size_key);
    struct width_slot *slot = &f->widths[hash & (WIDTH_SLOTS - 1)];
    if (slot->font_size == font_size_key && slot->len == len && memcmp(slot->text, text, len) == 0)
        return slot->width;
    slot->width = font_measure(f, font, size_px, text, len);
    slot->font_size = font_size_key;
    slot->len = (uint8_t)len;
    memcpy(slot->text, text, len);
    return slot->width;
}
