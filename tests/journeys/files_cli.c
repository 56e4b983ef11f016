/* Attachments of a kiosk from outside it, for the journey: files_cli put DATA FILE SUBJECT | want DATA SHA256 | state
   DATA SHA256 | read DATA SHA256. No kiosk may run on DATA but for state. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/store/store.h"
#include "platform/base/str.h"
#include "sync/log/files.h"

static enum err cli_put(struct store *s, const struct files *f, const char *path,
                        const char *subject, struct why *why)
{
    struct clock_options options = { .now = NULL };
    struct clock *clock = NULL;
    char hash[KEYS_ID_TEXT];
    char body[512];
    enum files_type type;
    int64_t bytes;
    enum err rc = clock_new(&options, &clock, why);

    if (rc != ERR_OK)
        return rc;
    struct clock_now now = clock_read(clock);
    clock_free(clock);
    rc = files_put_path(f, path, now.wall_ms, hash, &type, &bytes, why);
    if (rc != ERR_OK)
        return rc;
    (void)str_format(body, sizeof body,
                     "{\"files\":[{\"sha256\":\"%s\",\"type\":\"%s\",\"bytes\":%lld,"
                     "\"name\":\"Certificate\"}]}",
                     hash, files_type_name(type), (long long)bytes);
    /* A kind that no release knows: its files travel all the same. */
    const struct event_draft draft = { .kind = "test.filed", .subject = subject, .body = body };
    rc = store_record(s, now, &draft, NULL, why);
    if (rc == ERR_OK)
        (void)printf("%s\n", hash);
    return rc;
}

static enum err cli_state(const struct files *f, const char *hash, struct why *why)
{
    static const char *const states[] = { "none", "here", "held", "named", "lost" };
    struct file_info info;
    enum err rc = files_info(f, hash, &info, why);

    if (rc == ERR_OK)
        (void)printf("%s %lld %lld\n", states[info.state], (long long)info.moved,
                     (long long)info.bytes);
    return rc;
}

static enum err cli_read(const struct files *f, const char *hash, struct why *why)
{
    char *bytes = NULL;
    size_t len = 0;
    struct arena a;

    arena_init(&a, (size_t)FILES_BYTES_MAX + 64 * 1024);
    enum err rc = files_read(f, hash, &a, &bytes, &len, why);
    if (rc == ERR_OK && fwrite(bytes, 1, len, stdout) != len)
        rc = why_set(why, ERR_IO, 0, "write");
    arena_done(&a);
    return rc;
}

int main(int argc, char **argv)
{
    struct store s = { 0 };
    struct why why = { 0 };
    if (argc < 4)
        return 2;

    enum err rc = store_open(&s, argv[2], &why);
    const struct files f = { .db = &s.db, .data = s.dir, .free_min = 1 };
    if (rc == ERR_OK && argc == 5 && strcmp(argv[1], "put") == 0)
        rc = cli_put(&s, &f, argv[3], argv[4], &why);
    else if (rc == ERR_OK && strcmp(argv[1], "want") == 0)
        rc = files_want(&f, argv[3], 1, &why);
    else if (rc == ERR_OK && strcmp(argv[1], "state") == 0)
        rc = cli_state(&f, argv[3], &why);
    else if (rc == ERR_OK && strcmp(argv[1], "read") == 0)
        rc = cli_read(&f, argv[3], &why);
    store_close(&s);
    if (rc == ERR_OK && fflush(stdout) == 0)
        return 0;
    (void)fprintf(stderr, "files_cli: %s\n", why.text);
    return 1;
}
