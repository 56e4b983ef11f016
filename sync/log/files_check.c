#include <string.h>

#include "platform/base/str.h"
#include "sync/log/files.h"
#include "sync/log/files_parts.h"

/* What a file may be. The bytes decide, never a name or what somebody claims: the same check stands where a file is kept,
   where it arrives and at the hub. */
struct files_kind {
    const char *name;
    const char *words; /* for people */
    size_t max;
    bool (*check)(const uint8_t *bytes, size_t len);
};

enum {
    JPEG_SOI = 0xd8,
    JPEG_EOI = 0xd9,
    JPEG_SOS = 0xda,
    JPEG_SOF_BASE = 0xc0, /* baseline, extended, progressive: what cameras make and readers read */
    JPEG_SOF_LAST = 0xc2,
    PDF_TAIL = 1024, /* bytes in which the end mark has to stand */
    CSV_BREAK_MAX = 16 * 1024,
};

static size_t check_u16(const uint8_t *at)
{
    return (size_t)at[0] << 8 | at[1];
}

/* From marker to marker up to the picture itself: one of them says its size, and the end is an end. */
static bool check_jpeg(const uint8_t *b, size_t len)
{
    bool sized = false;
    size_t at = 2;

    if (len < 4 || b[0] != 0xff || b[1] != JPEG_SOI || b[len - 2] != 0xff || b[len - 1] != JPEG_EOI)
        return false;
    while (at + 4 <= len) {
        const uint8_t marker = b[at + 1];
        const size_t size = check_u16(b + at + 2);
        if (b[at] != 0xff)
            return false;
        if (marker == 0xff) { /* filling */
            at++;
            continue;
        }
        if (size < 2 || at + 2 + size > len)
            return false;
        if (marker == JPEG_SOS)
            return sized;
        if (marker >= JPEG_SOF_BASE && marker <= JPEG_SOF_LAST)
            sized = size >= 8 && check_u16(b + at + 5) > 0 && check_u16(b + at + 7) > 0;
        at += 2 + size;
    }
    return false;
}

static bool check_pdf(const uint8_t *b, size_t len)
{
    static const char head[] = "%PDF-";
    static const char end[] = "%%EOF";
    const size_t tail = len < PDF_TAIL ? len : PDF_TAIL;

    if (len < sizeof head - 1 + sizeof end - 1 || memcmp(b, head, sizeof head - 1) != 0)
        return false;
    for (size_t at = len - tail; at + sizeof end - 1 <= len; at++)
        if (memcmp(b + at, end, sizeof end - 1) == 0)
            return true;
    return false;
}

/* Loggers write what their makers liked: UTF-8, or one byte a letter (a degree sign is 0xb0 then). Lines of print are what
   they share; a program, a picture or a spreadsheet's own format is none. */
static bool check_csv(const uint8_t *b, size_t len)
{
    size_t width = 0;

    for (size_t i = 0; i < len; i++) {
        bool line_end = b[i] == '\n' || b[i] == '\r';
        if ((b[i] < 0x20 && b[i] != '\t' && !line_end) || b[i] == 0x7f)
            return false;
        width = line_end ? 0 : width + 1;
        if (width > CSV_BREAK_MAX)
            return false;
    }
    return len > 0;
}

static const struct files_kind files_kinds[FILES_TYPES] = {
    [FILES_JPEG] = { "image/jpeg", "picture", FILES_JPEG_MAX, check_jpeg },
    [FILES_CSV] = { "text/csv", "table", FILES_CSV_MAX, check_csv },
    [FILES_PDF] = { "application/pdf", "PDF", FILES_PDF_MAX, check_pdf },
};

const char *files_type_name(enum files_type type)
{
    return files_kinds[type].name;
}

bool files_type_from(const char *name, enum files_type *out)
{
    for (size_t i = 0; i < FILES_TYPES; i++) {
        if (!str_eq(files_kinds[i].name, name))
            continue;
        *out = (enum files_type)i;
        return true;
    }
    return false;
}

size_t files_type_max(enum files_type type)
{
    return files_kinds[type].max;
}

enum err files_check(enum files_type type, const void *bytes, size_t len, struct why *why)
{
    const struct files_kind *kind = &files_kinds[type];

    if (len > kind->max)
        return why_set(why, ERR_LIMIT, 0, "The %s has %zu KB. At most %zu KB.", kind->words,
                       (len + 1023) / 1024, kind->max / 1024);
    if (!kind->check(bytes, len))
        return why_set(why, ERR_INPUT, 0, "This is not a whole %s.", kind->words);
    return ERR_OK;
}

enum files_type files_sniff(const void *bytes, size_t len)
{
    if (len >= 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
        return FILES_JPEG;
    return len >= 5 && memcmp(bytes, "%PDF-", 5) == 0 ? FILES_PDF : FILES_CSV;
}
