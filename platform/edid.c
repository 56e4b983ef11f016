#include "platform/edid.h"

#include <string.h>

#include "platform/base/arena.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum {
    EDID_BLOCK = 128,
    EDID_MAX = 1024,
    EDID_NAMES_MAX = 64,
    EDID_MM_LEAST = 40,
    EDID_MM_MOST = 3000
};

bool edid_mm(const uint8_t *edid, size_t len, int w, int h, double *out_w_mm, double *out_h_mm)
{
    static const uint8_t magic[8] = { 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0 };
    unsigned sum = 0;
    if (len < EDID_BLOCK || memcmp(edid, magic, sizeof(magic)) != 0)
        return false;
    for (size_t i = 0; i < EDID_BLOCK; i++)
        sum += edid[i];
    if (sum & 0xFF)
        return false;

    const uint8_t *timing = edid + 54;
    int timing_w = timing[2] | (timing[4] & 0xF0) << 4;
    int timing_h = timing[5] | (timing[7] & 0xF0) << 4;
    int mm_w = timing[12] | (timing[14] & 0xF0) << 4;
    int mm_h = timing[13] | (timing[14] & 0x0F) << 8;
    bool has_timing = (timing[0] || timing[1]) && timing_w == w && timing_h == h;
    if (!has_timing || mm_w < EDID_MM_LEAST || mm_h < EDID_MM_LEAST) {
        mm_w = edid[21] * 10;
        mm_h = edid[22] * 10;
    }
    if (mm_w < EDID_MM_LEAST || mm_h < EDID_MM_LEAST || mm_w > EDID_MM_MOST || mm_h > EDID_MM_MOST)
        return false;

    *out_w_mm = mm_w;
    *out_h_mm = mm_h;
    return true;
}

bool edid_find(const char *dir, int w, int h, double *out_w_mm, double *out_h_mm)
{
    struct arena scratch;
    const char **names = NULL;
    size_t count = 0;
    int found = 0;

    arena_init(&scratch, (size_t)64 * 1024);
    if (fs_list(&scratch, dir, EDID_NAMES_MAX, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX], name[128];
        char *bytes = NULL;
        size_t len = 0;
        if (!str_copy(name, sizeof(name), names[i]))
            continue;
        if (str_ends(name, "/"))
            name[strlen(name) - 1] = '\0';
        /* An unconnected one has an empty file. */
        if (str_format(path, sizeof(path), "%s/%s/edid", dir, name) &&
            fs_read(&scratch, path, EDID_MAX, &bytes, &len, NULL) == ERR_OK && len > 0)
            found += edid_mm((const uint8_t *)bytes, len, w, h, out_w_mm, out_h_mm);
    }
    arena_done(&scratch);
    return found == 1;
}
