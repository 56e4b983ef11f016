/* `canny-hub content`: what the hub holds of content, and what only who runs it may decide. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"
#include "sync/hub/commands.h"
#include "sync/hub/commands_parts.h"
#include "sync/hub/content_from.h"
#include "sync/hub/content_http.h"
#include "sync/hub/content_show.h"
#include "sync/update/tuf_write.h"
#include "sync/update/update_folder.h"

enum { CONTENT_WORDS = 3, CONTENT_OPTIONS_MAX = 24 };

struct content_args {
    struct command_where where;
    const char *ca, *proxy, *ring, *each, *format;
    struct content_look look;
    const char *words[CONTENT_WORDS]; /* what to do, and with what */
    size_t count;
};

static struct arena content_arena(void)
{
    struct arena a;

    arena_init(&a, CONTENT_ARENA);
    return a;
}

/* ---- keys ---- */

static enum err content_key_print(struct hub *h, struct why *why)
{
    struct hub_content_keys keys;
    struct tuf_write_key key;
    struct arena a = content_arena();
    enum err rc = content_keys(h->store, &keys, why);

    if (rc == ERR_OK)
        rc = tuf_write_key(&a, keys.all[keys.count - 1].id, NULL, &key, why);
    memset(&keys, 0, sizeof(keys));
    if (rc == ERR_OK)
        (void)printf("%s\n", key.object);
    arena_done(&a);
    return rc;
}

static enum err content_do_key(struct hub *h, const struct content_args *args, struct why *why)
{
    (void)args;
    return content_key_print(h, why);
}

static enum err content_do_rotate(struct hub *h, const struct content_args *args, struct why *why)
{
    (void)args;
    enum err rc = content_key_new(h->store, why);
    return rc == ERR_OK ? content_key_print(h, why) : rc;
}

static enum err content_do_trust(struct hub *h, const struct content_args *args, struct why *why)
{
    struct arena a = content_arena();
    struct content_offer o = { .now_ms = hub_now(h).wall_ms, .a = &a };
    char *body = NULL;
    enum err rc = fs_read(&a, args->words[1], CONTENT_META_MAX, &body, &o.len, why);

    o.body = body;
    if (rc == ERR_OK)
        rc = content_trust(h->store, &o, why);
    if (rc == ERR_OK && o.answer != CONTENT_COUNTS)
        rc = why_set(why, ERR_CONFLICT, 0, "%s: %s", args->words[1], o.reason.text);
    if (rc == ERR_OK)
        (void)printf("root\t%lld\ttrusted\n", (long long)o.version);
    arena_done(&a);
    return rc;
}

/* ---- publishing ---- */

static void content_tell(void *ctx, const char *role, int64_t version, enum content_answer answer,
                         const char *reason)
{
    (void)ctx;
    if (answer == CONTENT_COUNTS)
        (void)printf("%s\t%lld\tcounts\n", role, (long long)version);
    else
        (void)printf("%s\t%lld\trefused: %s\n", role, (long long)version, reason);
}

static enum err content_take(struct hub *h, struct content_from *f, struct why *why)
{
    f->store = h->store;
    f->now_ms = hub_now(h).wall_ms;
    f->tell = content_tell;
    enum err rc = content_from(f, why);
    (void)printf("%zu counted, %zu refused, %zu files, %" PRId64 " bytes\n", f->counted,
                 f->refused + (f->folder != NULL ? f->older : 0), f->files, f->bytes);
    /* Another hub that lies behind is as it should be: others publish here. Who names a folder means to publish it. */
    if (f->folder != NULL)
        f->refused += f->older;
    if (rc == ERR_OK && f->refused > 0)
        rc = why_set(why, ERR_INPUT, 0, "%zu were refused; why stands by each", f->refused);
    return rc;
}

static enum err content_do_publish(struct hub *h, const struct content_args *args, struct why *why)
{
    char folder[FS_PATH_MAX];
    if (!str_copy(folder, sizeof(folder), args->words[1]))
        return why_set(why, ERR_LIMIT, 0, "the folder's name is too long");

    struct content_from f = {
        .get = update_folder_get, .ctx = folder, .folder = folder, .trust = false
    };
    return content_take(h, &f, why);
}

static enum err content_do_mirror(struct hub *h, const struct content_args *args, struct why *why)
{
    struct content_http from = { .ca_dir = args->ca };
    struct content_from f = { .get = content_http_get, .ctx = &from };
    enum err rc = content_http_init(&from, args->words[1], args->proxy, why);

    if (rc == ERR_OK)
        rc = content_take(h, &f, why);
    content_http_done(&from);
    return rc;
}

/* ---- holding back ---- */

static enum err content_do_hold(struct hub *h, const struct content_args *args, struct why *why)
{
    const bool off = strcmp(args->words[2], "off") == 0;
    int64_t percent = -1;
    const struct hub_audit w = {
        .now = hub_now(h), .act = "content.held", .about = args->words[1], .detail = args->words[2]
    };

    if (!manifest_role_ok(args->words[1]))
        return why_set(why, ERR_INPUT, 0, "a role is national or employers/ID");
    if (!off && (!str_to_i64(args->words[2], &percent) || percent < 0 || percent > 100))
        return why_set(why, ERR_INPUT, 0, "how many kiosks of a hundred: 0 to 100, or off");
    enum err rc = hubstore_content_hold(h->store, args->words[1], (int)percent, &w, why);
    if (rc == ERR_OK && off)
        (void)printf("%s\tis not held back\n", args->words[1]);
    else if (rc == ERR_OK)
        (void)printf("%s\tat most %lld of a hundred kiosks take a new edition\n", args->words[1],
                     (long long)percent);
    return rc;
}

static enum err content_do_show(struct hub *h, const struct content_args *args, struct why *why)
{
    struct content_look look = args->look;

    look.now_ms = hub_now(h).wall_ms;
    return content_show(h->store, &look, stdout, stderr, why);
}

static enum err content_do_installs(struct hub *h, const struct content_args *args, struct why *why)
{
    struct content_look look = args->look;

    look.now_ms = hub_now(h).wall_ms;
    return content_installs(h->store, &look, stdout, why);
}

/* ---- the table ---- */

/* Which options a word takes besides those for the place. */
enum { OF_MIRROR = 1, OF_SHOW = 2, OF_INSTALLS = 4 };

static const struct content_word {
    const char *name, *takes, *about;
    size_t words;
    enum err (*run)(struct hub *h, const struct content_args *args, struct why *why);
    unsigned options;
    bool makes; /* also a hub that is not there yet */
} content_words[] = {
    { "key", "", "print the key that this hub signs snapshot and timestamp with, for the root", 1,
      content_do_key, 0, true },
    { "trust", "FILE", "trust a first root: the file 1.root.json; only where there is none", 2,
      content_do_trust, 0, true },
    { "publish", "FOLDER", "take what a repository in a folder has that this hub lacks", 2,
      content_do_publish },
    { "mirror", "URL", "take what another hub, or a web server, has that this hub lacks", 2,
      content_do_mirror, OF_MIRROR },
    { "show", "", "print every role: version, expiry, edition, percent, hold", 1, content_do_show,
      OF_SHOW },
    { "hold", "ROLE PERCENT|off", "let at most so many kiosks of a hundred take a new edition", 3,
      content_do_hold },
    { "installs", "", "print what kiosks have installed, and why not: by role and edition", 1,
      content_do_installs, OF_INSTALLS },
    { "rotate-key", "", "make the next key; it is used once the root names it", 1,
      content_do_rotate },
};

/* Every option, in the order of the help, and which words take it. */
enum { CONTENT_ROWS = 12 };

struct content_options {
    struct option_row rows[CONTENT_ROWS];
    unsigned of[CONTENT_ROWS]; /* 0: all words */
};

static struct content_options content_options(struct content_args *args)
{
    return (struct content_options){
        .rows = {
            COMMAND_WHERE(args->where),
            { "--ca", "DIR", "of mirror: a folder of further CAs", false, &args->ca },
            { "--proxy", "HOST:PORT", "of mirror: the proxy to go by", false, &args->proxy },
            { "--format", "FORMAT", "of show and installs: text (unless given), csv or json", false,
              &args->format },
            { "--role", "ROLE", "of show and installs: national or employers/ID alone", false,
              &args->look.role },
            { "--edition", "EDITION", "of show and installs: this edition alone", false,
              &args->look.edition },
            { "--site", "NAME", "of installs: the kiosks of this site alone", false,
              &args->look.site },
            { "--state", "STATE",
              "of installs: installed, waiting, refused, none (told of no content), not-installed "
              "(lacks the newest edition) or silent (not heard of for a week)",
              false, &args->look.state },
            { "--ring", "PERCENT", "of installs: kiosks that an edition of so many per cent reaches",
              false, &args->ring },
            { "--each", NULL,
              "of installs: a line a kiosk, with its site, name, id, ring and last status", false,
              &args->each },
        },
        .of = { 0, 0, 0, OF_MIRROR, OF_MIRROR, OF_SHOW | OF_INSTALLS, OF_SHOW | OF_INSTALLS,
                OF_SHOW | OF_INSTALLS, OF_INSTALLS, OF_INSTALLS, OF_INSTALLS, OF_INSTALLS },
    };
}

static void content_help(void)
{
    struct content_args args = { .count = 0 };
    const struct content_options o = content_options(&args);

    (void)printf("usage: canny-hub content --data DIR WORD ...\n\n"
                 "Content: what is served to kiosks, and who may publish it.\n\n");
    for (size_t i = 0; i < COUNT_OF(content_words); i++) {
        char left[40];
        (void)str_format(left, sizeof(left), "%s %s", content_words[i].name,
                         content_words[i].takes);
        (void)printf("  %-24s %s\n", left, content_words[i].about);
    }
    (void)printf("\n");
    options_print(o.rows, CONTENT_ROWS);
    (void)printf(
        "\nTo begin: `content key` for the holders of the root, `content trust 1.root.json`, "
        "and\nthen `canny-pack publish`, or `content publish FOLDER`.\n");
}

/* Options, and words between them. */
static bool content_read_args(int argc, char **argv, struct content_args *out)
{
    const struct content_options o = content_options(out);
    char *options[CONTENT_OPTIONS_MAX];
    int count = 0;

    for (int i = 0; i < argc; i++) {
        if (!str_starts(argv[i], "--")) {
            if (out->count < CONTENT_WORDS)
                out->words[out->count] = argv[i];
            out->count++;
            continue;
        }
        if (count + 2 > CONTENT_OPTIONS_MAX)
            return false;
        options[count++] = argv[i];
        if (i + 1 < argc && !options_switch(o.rows, CONTENT_ROWS, argv[i]))
            options[count++] = argv[++i];
    }
    return options_read("content", "", o.rows, CONTENT_ROWS, count, options) == OPTIONS_OK;
}

static bool content_wrong(const char *what, const char *name)
{
    (void)fprintf(stderr, "canny-hub content: %s%s; see canny-hub content --help\n", what, name);
    return false;
}

static const struct content_word *content_word(const struct content_args *args)
{
    const struct content_word *word = NULL;

    for (size_t i = 0; i < COUNT_OF(content_words) && args->count > 0; i++)
        if (strcmp(content_words[i].name, args->words[0]) == 0)
            word = &content_words[i];
    if (word == NULL)
        (void)content_wrong("say what to do", "");
    else if (word->words != args->count)
        (void)content_wrong("this takes other words: content ", word->name);
    return word != NULL && word->words == args->count ? word : NULL;
}

/* What stands in the options, and whether this word takes them. */
static bool content_look_ok(struct content_args *args, const struct content_word *word)
{
    const struct content_options o = content_options(args);
    struct content_look *look = &args->look;
    int64_t ring = 0;

    for (size_t i = 0; i < CONTENT_ROWS; i++)
        if (o.of[i] != 0 && (o.of[i] & word->options) == 0 && *o.rows[i].out != NULL)
            return content_wrong(o.rows[i].name, " is not for this word");
    if (!table_format_read(args->format, &look->format))
        return content_wrong("--format is text, csv or json", "");
    if (look->state != NULL && !content_state_ok(look->state))
        return content_wrong(
            "--state is installed, waiting, refused, none, not-installed or silent", "");
    if (args->ring != NULL && (!str_to_i64(args->ring, &ring) || ring < 1 || ring > MANIFEST_RINGS))
        return content_wrong("--ring is 1 to 100", "");
    look->ring = (int)ring;
    look->each = args->each != NULL;
    return true;
}

int command_content(int argc, char **argv)
{
    struct content_args args = { .count = 0 };
    struct why why = { 0 };
    struct hub *h = NULL;

    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0) {
            content_help();
            return 0;
        }
    if (!content_read_args(argc, argv, &args))
        return 2;
    const struct content_word *word = content_word(&args);
    if (word == NULL || !content_look_ok(&args, word))
        return 2;
    enum err rc = command_open(&args.where, word->makes, &h, &why);
    if (rc == ERR_OK)
        rc = word->run(h, &args, &why);
    if (rc != ERR_OK)
        (void)fflush(stdout);
    return command_end(h, "content", &args.where, rc, &why);
}
