#include "app/cmd_import.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/domain/caldate.h"
#include "app/store/import_take.h"
#include "platform/base/fs.h"
#include "platform/base/str.h"

enum { IMPORT_ARENA_MAX = 128 * 1024 * 1024 };

struct import_options {
    const char *data, *file, *now;
    bool check, example;
};

static bool import_read(struct import_options *o, int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        if (str_eq(argv[i], "--check"))
            o->check = true;
        else if (str_eq(argv[i], "--example"))
            o->example = true;
        else if (str_eq(argv[i], "--data") && i + 1 < argc)
            o->data = argv[++i];
        else if (str_eq(argv[i], "--now") && i + 1 < argc)
            o->now = argv[++i];
        else if (!str_starts(argv[i], "-") && o->file == NULL)
            o->file = argv[i];
        else
            return false;
    }
    return o->example ? o->file == NULL && o->data == NULL : o->data != NULL && o->file != NULL;
}

static void import_tell(const struct import *in, const char *file)
{
    for (size_t i = 0; i < in->fault_count; i++) {
        const struct import_fault *f = &in->faults[i];

        if (f->row == 0)
            (void)printf("%s: %s\n", file, f->text);
        else
            (void)printf("row %u, column %s: %s\n", f->row,
                         f->column[0] == '\0' ? "(none)" : f->column, f->text);
    }
    if (in->more_faults)
        (void)printf("and more: mend these first\n");
}

/* Sound, but not called up by every scanner: the school may have such labels on its things already. */
static void import_notes(const struct import *in)
{
    for (size_t i = 0; i < in->item_count; i++) {
        const char *label = in->items[i].label;

        if (label[0] != '\0' && strlen(label) < IMPORT_LABEL_MIN)
            (void)printf("note: row %u, column label: «%s» has fewer than %d characters; a scanner "
                         "that types like a keyboard cannot call it up\n",
                         in->items[i].row, label, IMPORT_LABEL_MIN);
    }
}

static const char *import_s(size_t count)
{
    return count == 1 ? "" : "s";
}

static size_t import_lasts(const struct import *in)
{
    size_t count = 0;

    for (size_t i = 0; i < in->item_count; i++)
        count += in->items[i].last_count;
    return count;
}

/* The parts that a run needs, opened in this order. */
struct importing {
    struct fs_lock lock;
    struct store store;
    struct content *content;
    struct clock *clock;
    struct arena a;
};

static enum err import_open(struct importing *x, const struct import_options *o, struct why *why)
{
    struct clock_options options = { .now = o->now };
    char path[FS_PATH_MAX];
    struct fs_stat st;
    size_t count = 0;
    enum err rc = fs_join(path, o->data, "canny.db", why);

    /* A folder named by a slip must not become a second register. */
    if (rc == ERR_OK && fs_stat(path, &st, NULL) != ERR_OK)
        rc = why_set(why, ERR_NOT_FOUND, 0,
                     "%s is not there; start the kiosk once with --content, then import", path);
    if (rc == ERR_OK)
        rc = store_claim(o->data, &x->lock, why);
    if (rc == ERR_OK)
        rc = store_open(&x->store, o->data, why);
    if (rc == ERR_OK)
        rc = store_latest_ms(&x->store, &options.floor_ms, why);
    if (rc == ERR_OK)
        rc = clock_new(&options, &x->clock, why);
    if (rc == ERR_OK)
        rc = content_open(o->data, NULL, &x->content, why);
    if (rc == ERR_OK && (content_kinds(x->content, &count) == NULL || count == 0))
        rc =
            why_set(why, ERR_NOT_FOUND, 0,
                    "%s knows no kinds of equipment; start the kiosk once with --content", o->data);
    return rc;
}

static void import_close(struct importing *x)
{
    content_close(x->content);
    clock_free(x->clock);
    store_close(&x->store);
    fs_unlock(&x->lock);
    arena_done(&x->a);
}

static enum err import_file(struct importing *x, const struct import_options *o, struct import *out,
                            struct why *why)
{
    struct import_known known;
    char *text = NULL;
    size_t len = 0;
    int minutes = 0;
    int32_t today = caldate_london(clock_read(x->clock).wall_ms, &minutes);
    enum err rc = fs_read(&x->a, o->file, IMPORT_BYTES_MAX, &text, &len, why);

    if (rc == ERR_OK)
        rc = import_known_names(x->content, today, &x->a, &known, why);
    if (rc == ERR_OK)
        rc = import_parse(&x->a, text, len, &known, out, why);
    if (rc == ERR_OK)
        rc = import_check_store(&x->store, &x->a, out, why);
    return rc == ERR_OK ? rc : why_in(why, rc, "%s", o->file);
}

static const char *import_base(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash == NULL ? path : slash + 1;
}

static enum err import_run(struct importing *x, const struct import_options *o, struct why *why)
{
    struct import in = { .item_count = 0 };
    size_t lasts;
    enum err rc = import_open(x, o, why);

    if (rc == ERR_OK)
        rc = import_file(x, o, &in, why);
    if (rc != ERR_OK)
        return rc;
    import_tell(&in, o->file);
    import_notes(&in);
    if (in.fault_count > 0)
        return why_set(why, ERR_INPUT, 0, "%zu%s fault%s in %s; nothing was written",
                       in.fault_count, in.more_faults ? " and more" : "", import_s(in.fault_count),
                       o->file);
    if (!o->check) {
        rc = import_take(&x->store, x->content, clock_read(x->clock), &in, "", import_base(o->file),
                         why);
        if (rc != ERR_OK)
            return rc;
    }
    lasts = import_lasts(&in);
    (void)printf("%zu item%s and %zu last date%s %s\n", in.item_count, import_s(in.item_count),
                 lasts, import_s(lasts),
                 o->check ? "can be imported; nothing was written" : "imported");
    return ERR_OK;
}

int cmd_import(int argc, char **argv)
{
    struct importing x = { .content = NULL };
    struct import_options o = { .data = NULL };
    struct why why = { 0 };
    enum err rc = ERR_OK;

    if (!import_read(&o, argc, argv)) {
        (void)fprintf(stderr, "usage: canny import --data DIR [--check] [--now TIME] FILE.csv\n"
                              "       canny import --example\n");
        return 2;
    }
    if (o.example) {
        (void)fputs(import_example, stdout);
    } else {
        arena_init(&x.a, IMPORT_ARENA_MAX);
        rc = import_run(&x, &o, &why);
        import_close(&x);
    }
    if (rc == ERR_OK && (fflush(stdout) != 0 || ferror(stdout) != 0))
        rc = why_set(&why, ERR_IO, errno, "standard output cannot be written");
    if (rc == ERR_OK)
        return 0;
    (void)fflush(stdout);
    (void)fprintf(stderr, "canny import: %s\n", why.text);
    return 1;
}
