/* The roots that this kiosk has followed: DIR/roots/N.root.json. The client keeps only the newest; another kiosk that this one
   hands its content to may trust an older one, and needs all that lie between. */
#include "sync/update/updater_parts.h"

#include <inttypes.h>
#include <string.h>

#include "platform/base/str.h"

/* The number of the root that is asked for; 0: something else is. */
static int64_t roots_number(const char *name)
{
    static const char head[] = "metadata/";
    static const char tail[] = ".root.json";
    char digits[24];
    int64_t number = 0;

    if (!str_starts(name, head) || !str_ends(name, tail) ||
        !str_format(digits, sizeof digits, "%.*s",
                    (int)(strlen(name) - (sizeof head - 1) - (sizeof tail - 1)),
                    name + sizeof head - 1) ||
        !str_to_i64(digits, &number))
        return 0;
    return number;
}

/* What cannot be kept only leaves a gap for others. */
static void roots_keep(struct updater *u, int64_t version)
{
    const struct arena_mark mark = arena_mark(&u->arena);
    char dir[FS_PATH_MAX], from[FS_PATH_MAX], to[FS_PATH_MAX], name[40];
    struct fs_stat st;
    char *bytes = NULL;
    size_t len = 0;

    (void)str_format(name, sizeof name, "%" PRId64 ".root.json", version);
    if (fs_join(dir, u->ask->dir, "roots", NULL) == ERR_OK &&
        fs_join(to, dir, name, NULL) == ERR_OK && fs_stat(to, &st, NULL) != ERR_OK &&
        fs_join(from, u->metadata, "root.json", NULL) == ERR_OK &&
        fs_read(&u->arena, from, TUF_ROOT_BYTES_MAX, &bytes, &len, NULL) == ERR_OK &&
        fs_mkdirs(dir, 0700, NULL) == ERR_OK)
        (void)!fs_replace(to, bytes, len, 0600, NULL);
    arena_rewind(&u->arena, mark);
}

/* Whoever asks for root N+1 has root N judged and stored. */
enum err updater_roots_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                           size_t *out_len, struct why *why)
{
    struct updater *u = ctx;
    const struct updater_source *s = &u->ask->source;
    const int64_t number = roots_number(name);

    if (number > 1)
        roots_keep(u, number - 1);
    return s->get(s->ctx, name, max, a, out, out_len, why);
}
