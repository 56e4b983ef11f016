/* Runs a fuzz target without libFuzzer: every file of the folders (or the files) named in the
   arguments as it is, cut short, and changed in ways drawn from a fixed seed, so that a run says
   the same thing every time. `-v` as the first argument names each file and round before it runs:
   the last one named is the one that crashed. */
#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

enum {
    FUZZ_FILE_MAX = 256 * 1024, /* bytes of a corpus file that are used */
    FUZZ_GROW_MAX = 64,         /* bytes that one change may add */
    FUZZ_ROUNDS = 1000,         /* changed copies of each file */
    FUZZ_WORK_MAX =
        64 * 1024 * 1024, /* bytes fed from one file's copies: bounds the time of large ones */
    FUZZ_PATH_MAX = 1024,
};

struct fuzz_run {
    uint64_t random; /* xorshift state, never 0 */
    size_t files, inputs;
    bool verbose;
};

static uint64_t fuzz_random(struct fuzz_run *run)
{
    run->random ^= run->random << 13;
    run->random ^= run->random >> 7;
    run->random ^= run->random << 17;
    return run->random;
}

static size_t fuzz_below(struct fuzz_run *run, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(fuzz_random(run) % limit);
}

/* The entry sees memory of exactly the input's size, so that a sanitizer finds a read past its
   end. */
static void fuzz_feed(struct fuzz_run *run, const uint8_t *data, size_t size)
{
    uint8_t *exact = malloc(size > 0 ? size : 1);

    if (exact == NULL)
        abort();
    if (size > 0)
        memcpy(exact, data, size);
    (void)LLVMFuzzerTestOneInput(exact, size);
    free(exact);
    run->inputs++;
}

static void fuzz_insert(struct fuzz_run *run, uint8_t *data, size_t *size)
{
    size_t at = fuzz_below(run, *size + 1);
    size_t count = 1 + fuzz_below(run, FUZZ_GROW_MAX);
    size_t from = fuzz_below(run, *size);
    bool copy = *size > count && from + count <= *size && fuzz_below(run, 2) == 0;
    uint8_t piece[FUZZ_GROW_MAX];

    for (size_t i = 0; i < count; i++)
        piece[i] = copy ? data[from + i] : (uint8_t)fuzz_random(run);
    memmove(data + at + count, data + at, *size - at);
    memcpy(data + at, piece, count);
    *size += count;
}

static void fuzz_remove(struct fuzz_run *run, uint8_t *data, size_t *size)
{
    size_t at = fuzz_below(run, *size);
    size_t count = 1 + fuzz_below(run, FUZZ_GROW_MAX);

    if (*size == 0)
        return;
    if (count > *size - at)
        count = *size - at;
    memmove(data + at, data + at + count, *size - at - count);
    *size -= count;
}

/* One change in place; data has room for FUZZ_GROW_MAX bytes more. */
static void fuzz_change(struct fuzz_run *run, uint8_t *data, size_t *size)
{
    static const uint8_t telling[] = {
        0, 1, 0x7f, 0x80, 0xff, '"', '\\', '{', '[', '\n', '-', '9'
    };
    size_t at = fuzz_below(run, *size);

    switch (fuzz_below(run, 5)) {
    case 0:
        if (*size > 0)
            data[at] ^= (uint8_t)(1U << fuzz_below(run, 8));
        break;
    case 1:
        if (*size > 0)
            data[at] = telling[fuzz_below(run, sizeof(telling))];
        break;
    case 2:
        fuzz_insert(run, data, size);
        break;
    case 3:
        fuzz_remove(run, data, size);
        break;
    default:
        *size = at;
        break;
    }
}

static void fuzz_bytes(struct fuzz_run *run, const uint8_t *data, size_t size)
{
    enum { CHANGES_MAX = 4 };
    uint8_t *copy = malloc(size + (size_t)CHANGES_MAX * FUZZ_GROW_MAX);
    size_t fed = 0;

    if (copy == NULL)
        abort();
    fuzz_feed(run, data, size);
    for (size_t round = 0; round < FUZZ_ROUNDS && fed < FUZZ_WORK_MAX; round++) {
        size_t now = size;
        size_t changes = 1 + fuzz_below(run, CHANGES_MAX);

        memcpy(copy, data, size);
        for (size_t i = 0; i < changes; i++)
            fuzz_change(run, copy, &now);
        if (run->verbose)
            (void)fprintf(stderr, "  round %zu, %zu bytes\n", round, now);
        fuzz_feed(run, copy, now);
        fed += now + 1;
    }
    free(copy);
}

static bool fuzz_file(struct fuzz_run *run, const char *path)
{
    uint8_t *data = malloc(FUZZ_FILE_MAX);
    FILE *file = fopen(path, "rb");
    bool ok = data != NULL && file != NULL;

    if (ok) {
        size_t size = fread(data, 1, FUZZ_FILE_MAX, file);

        if (run->verbose)
            (void)fprintf(stderr, "%s\n", path);
        /* From the same state for each file: a new file in the folder changes nothing for the
           others. */
        run->random = 0x9e3779b97f4a7c15U;
        fuzz_bytes(run, data, size);
        run->files++;
    } else {
        (void)fprintf(stderr, "fuzz: cannot read %s\n", path);
    }
    if (file != NULL)
        (void)fclose(file);
    free(data);
    return ok;
}

static bool fuzz_folder(struct fuzz_run *run, const char *path)
{
    DIR *dir = opendir(path);
    bool ok = dir != NULL;
    const struct dirent *entry = NULL;

    if (!ok)
        (void)fprintf(stderr, "fuzz: cannot list %s\n", path);
    /* One thread; and the order of the files changes nothing for any of them. */
    while (ok && (entry = readdir(dir)) != NULL) { /* NOLINT(concurrency-mt-unsafe) */
        char name[FUZZ_PATH_MAX];
        int len = snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);

        if (entry->d_name[0] != '.')
            ok = len > 0 && (size_t)len < sizeof(name) && fuzz_file(run, name);
    }
    if (dir != NULL)
        (void)closedir(dir);
    return ok;
}

int main(int argc, char **argv)
{
    struct fuzz_run run = { 0 };
    bool ok = true;

    for (int i = 1; i < argc && ok; i++) {
        struct stat st;

        if (strcmp(argv[i], "-v") == 0)
            run.verbose = true;
        else if (stat(argv[i], &st) == 0 && S_ISDIR(st.st_mode))
            ok = fuzz_folder(&run, argv[i]);
        else
            ok = fuzz_file(&run, argv[i]);
    }
    if (run.files == 0) {
        (void)fprintf(stderr, "fuzz: no corpus file was named\n");
        return 2;
    }
    (void)printf("%zu files, %zu inputs\n", run.files, run.inputs);
    return ok ? 0 : 1;
}
