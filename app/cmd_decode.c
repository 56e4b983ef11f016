#include "app/cmd_decode.h"

#include <stdio.h>
#include <string.h>

#include "app/scan/decode.h"
#include "platform/base/arena.h"
#include "platform/base/str.h"
#include "platform/camera.h"

/* A picture file, its pixels, and a scaled copy of them: the largest that is read. */
enum { DECODE_ARENA_MAX = 256 * 1024 * 1024, DECODE_FAILED = 1, DECODE_USAGE = 2 };

struct decode_job {
    struct arena arena;
    struct decoder *decoder;
    struct scan_symbol symbols[SCAN_SYMBOLS_MAX];
};

static void decode_print(const char *name, const struct scan_symbol *s)
{
    if (name != NULL)
        (void)printf("%s\t", name);
    (void)printf("%s\t", symbology_name(s->symbology));
    for (size_t i = 0; i < s->len; i++)
        if (s->payload[i] == '\n')
            (void)fputs("\\n", stdout);
        else
            (void)putchar(s->payload[i]);
    (void)putchar('\n');
}

static enum err decode_picture(struct decode_job *job, const char *path, bool names,
                               struct why *why)
{
    struct camera_frame picture = { 0 };
    size_t count = 0;

    enum err rc = camera_read_picture(&job->arena, path, &picture, why);
    if (rc != ERR_OK)
        return rc;
    const struct scan_frame frame = {
        .luma = picture.luma,
        .w = picture.w,
        .h = picture.h,
        .stride = picture.stride,
    };
    rc = decoder_still(job->decoder, &frame, job->symbols, SCAN_SYMBOLS_MAX, &count, why);
    if (rc != ERR_OK)
        return why_in(why, rc, "%s", path);
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    for (size_t i = 0; i < count; i++)
        decode_print(names ? name : NULL, &job->symbols[i]);
    return ERR_OK;
}

int cmd_decode(int argc, char **argv)
{
    /* The job holds symbols of 4 KB each, too many for a small stack: it lives in an arena of its
       own. */
    struct arena room;
    struct why why = { 0 };
    bool names = argc > 1 && str_eq(argv[1], "--names");
    int first = names ? 2 : 1;
    int status = 0;

    if (first >= argc || argv[first][0] == '-') {
        (void)fputs("usage: canny decode [--names] PICTURE...\n", stderr);
        return DECODE_USAGE;
    }
    arena_init(&room, sizeof(struct decode_job) + 4096);
    struct decode_job *job = arena_alloc(&room, sizeof(*job));
    if (job == NULL || decoder_new(&job->decoder, &why) != ERR_OK) {
        (void)fputs("canny: decode: no memory left; close other programs and try again\n", stderr);
        arena_done(&room);
        return DECODE_FAILED;
    }
    arena_init(&job->arena, DECODE_ARENA_MAX);
    for (int i = first; i < argc; i++) {
        if (decode_picture(job, argv[i], names, &why) != ERR_OK) {
            (void)fprintf(stderr, "canny: decode: %s\n", why.text);
            status = DECODE_FAILED;
        }
        arena_reset(&job->arena);
    }
    if (fflush(stdout) != 0 || ferror(stdout)) {
        (void)fputs("canny: decode: what was found could not be written\n", stderr);
        status = DECODE_FAILED;
    }
    arena_done(&job->arena);
    decoder_free(job->decoder);
    arena_done(&room);
    return status;
}
