#include "app/store/content_index.h"

#include <string.h>

#include "platform/base/fs.h"
#include "platform/base/str.h"

struct walk {
    const char *root;
    struct arena *a;
    struct content_files *files;
};

static enum err walk_file(struct walk *w, const char *path, struct why *why)
{
    char full[FS_PATH_MAX];
    struct fs_stat st;
    enum err rc = fs_join(full, w->root, path, why);

    if (rc == ERR_OK)
        rc = fs_stat(full, &st, why);
    if (rc == ERR_NOT_FOUND) /* one of the fixed names is absent, or it went away under us */
        return ERR_OK;
    if (rc != ERR_OK || st.is_dir)
        return rc;
    /* A file past every maximum is told and never read: it must not shut out all the others. */
    w->files->bytes += st.size > CONTENT_FILE_MAX ? 0 : st.size;
    if (w->files->count == CONTENT_FILES_MAX || w->files->bytes > CONTENT_BYTES_MAX)
        return why_set(why, ERR_LIMIT, 0, "content %s holds more than %d files or %d MB", w->root,
                       CONTENT_FILES_MAX, CONTENT_BYTES_MAX / (1024 * 1024));
    path = arena_strdup(w->a, path);
    if (path == NULL)
        return why_set(why, ERR_NOMEM, 0, "list content %s", w->root);
    w->files->rows[w->files->count++] =
        (struct content_file){ .path = path, .size = st.size, .mtime_ns = st.mtime_ns };
    return ERR_OK;
}

/* Recursion is bounded by CONTENT_DEPTH_MAX. */
static enum err walk_dir(struct walk *w, const char *dir, const char *suffix, int depth,
                         struct why *why)
{
    char full[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    enum err rc = fs_join(full, w->root, dir, why);

    if (rc == ERR_OK)
        rc = fs_list(w->a, full, CONTENT_FILES_MAX, &names, &count, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char path[FS_PATH_MAX];

        rc = fs_join(path, dir, names[i], why);
        if (rc == ERR_OK && str_ends(path, "/")) {
            path[strlen(path) - 1] = '\0';
            if (depth < CONTENT_DEPTH_MAX)
                rc = walk_dir(w, path, suffix, depth + 1, why);
        } else if (rc == ERR_OK && str_ends(path, suffix)) {
            rc = walk_file(w, path, why);
        }
    }
    return rc;
}

static const char *const walk_pictures[] = { ".jpg", ".png", ".svg" };

static enum err walk_picture_dir(struct walk *w, const char *dir, struct why *why)
{
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(walk_pictures) && rc == ERR_OK; i++)
        rc = walk_dir(w, dir, walk_pictures[i], CONTENT_DEPTH_MAX, why);
    return rc;
}

/* The employers' folders: who they are, then their synonyms, which the documents of all need. */
static enum err walk_employers(struct walk *w, const char *file, struct why *why)
{
    char full[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    enum err rc = fs_join(full, w->root, "employers", why);

    if (rc == ERR_OK)
        rc = fs_list(w->a, full, CONTENT_FILES_MAX, &names, &count, why);
    if (rc == ERR_NOT_FOUND)
        return ERR_OK;
    for (size_t i = 0; i < count && rc == ERR_OK; i++) {
        char path[FS_PATH_MAX];

        if (!str_ends(names[i], "/"))
            continue;
        if (!str_format(path, sizeof path, "employers/%s%s", names[i], file))
            rc = why_set(why, ERR_LIMIT, 0, "the name of folder %s is too long", names[i]);
        else if (str_eq(file, "docs"))
            rc = walk_dir(w, path, ".md", 0, why);
        else if (str_eq(file, "forms"))
            rc = walk_dir(w, path, ".csv", 0, why);
        else if (str_eq(file, "pictures"))
            rc = walk_picture_dir(w, path, why);
        else
            rc = walk_file(w, path, why);
    }
    return rc;
}

static enum err files_digest(const struct content_ask *ask, const struct content_files *files,
                             char out[KEYS_ID_TEXT], struct why *why)
{
    struct buf b;
    enum err rc;

    buf_init(&b, (size_t)CONTENT_FILES_MAX * (FS_PATH_MAX + 64));
    /* A school's name decides in the independent sector alone (content_layer.c). */
    buf_printf(&b, "content %d\n%s\n%s\n", CONTENT_VERSION,
               ask->constituency == NULL ? "" : ask->constituency,
               ask->school == NULL || !str_eq(ask->constituency, "X-SCIS") ? "" : ask->school);
    for (size_t i = 0; i < files->count; i++)
        buf_printf(&b, "%s|%lld|%lld\n", files->rows[i].path, (long long)files->rows[i].size,
                   (long long)files->rows[i].mtime_ns);
    rc = buf_done(&b, why);
    if (rc == ERR_OK)
        keys_sha256_hex(out, b.data, b.len);
    buf_free(&b);
    return rc;
}

static enum err walk_all(struct walk *w, struct why *why)
{
    static const char *const fixed[] = {
        "kinds.csv",         "nuclides.csv",           "school/adaptations.csv",
        "school/checks.csv", "school/competences.csv", "school/suggestions.csv",
        "school/items.csv",  "school/people.csv",      "school/school.json"
    };
    enum err rc = ERR_OK;

    for (size_t i = 0; i < COUNT_OF(fixed) && rc == ERR_OK; i++)
        rc = walk_file(w, fixed[i], why);
    /* Who the employers are, and all synonyms, before the first document. */
    if (rc == ERR_OK)
        rc = walk_employers(w, "issuer.yaml", why);
    if (rc == ERR_OK)
        rc = walk_file(w, "synonyms.csv", why);
    if (rc == ERR_OK)
        rc = walk_employers(w, "synonyms.csv", why);
    if (rc == ERR_OK)
        rc = walk_dir(w, "forms", ".csv", 0, why);
    if (rc == ERR_OK)
        rc = walk_employers(w, "forms", why);
    if (rc == ERR_OK)
        rc = walk_dir(w, "docs", ".md", 0, why);
    /* The program's own pages lie beside the content, as its signs and icons do. */
    if (rc == ERR_OK)
        rc = walk_dir(w, "../help", ".md", CONTENT_DEPTH_MAX, why);
    if (rc == ERR_OK)
        rc = walk_employers(w, "docs", why);
    if (rc == ERR_OK)
        rc = walk_dir(w, "calendars", ".csv", CONTENT_DEPTH_MAX, why);
    if (rc == ERR_OK)
        rc = walk_picture_dir(w, "pictures", why);
    return rc == ERR_OK ? walk_employers(w, "pictures", why) : rc;
}

enum err content_files(const struct content_ask *ask, struct arena *a, struct content_files **out,
                       char out_digest[KEYS_ID_TEXT], struct why *why)
{
    struct walk w = { .root = ask->content_dir, .a = a };
    struct fs_stat st;
    enum err rc = fs_stat(ask->content_dir, &st, why);

    if (rc != ERR_OK)
        return why_in(why, rc, "content folder %s", ask->content_dir);
    if (!st.is_dir)
        return why_set(why, ERR_INPUT, 0, "content %s is not a folder", ask->content_dir);
    w.files = arena_alloc(a, sizeof *w.files);
    if (w.files == NULL)
        return why_set(why, ERR_NOMEM, 0, "list content %s", ask->content_dir);
    rc = walk_all(&w, why);
    if (rc == ERR_OK)
        rc = files_digest(ask, w.files, out_digest, why);
    if (rc == ERR_OK)
        *out = w.files;
    return rc;
}

/* The same turns as walk_all's, for files whose names come in a list. */
static const struct turn {
    const char *name; /* of a file, or of a folder with the slash behind it */
    const char *end;  /* of the names in that folder */
    int depth;        /* of folders below it */
    bool theirs;      /* below an employer's folder */
    bool shapes;      /* what it says changes how others are taken in */
} turns[] = {
    { .name = "kinds.csv", .shapes = true },
    { .name = "nuclides.csv" },
    { .name = "school/adaptations.csv" },
    { .name = "school/checks.csv" },
    { .name = "school/competences.csv" },
    { .name = "school/suggestions.csv" },
    { .name = "school/items.csv" },
    { .name = "school/people.csv" },
    { .name = "school/school.json" },
    { .name = "issuer.yaml", .theirs = true, .shapes = true },
    { .name = "synonyms.csv", .shapes = true },
    { .name = "synonyms.csv", .theirs = true, .shapes = true },
    { .name = "forms/", .end = ".csv", .depth = CONTENT_DEPTH_MAX },
    { .name = "forms/", .end = ".csv", .depth = CONTENT_DEPTH_MAX, .theirs = true },
    { .name = "docs/", .end = ".md", .depth = CONTENT_DEPTH_MAX },
    { .name = "../help/", .end = ".md" },
    { .name = "docs/", .end = ".md", .depth = CONTENT_DEPTH_MAX, .theirs = true },
    { .name = "calendars/", .end = ".csv" },
    { .name = "pictures/", .end = ".jpg" },
    { .name = "pictures/", .end = ".png" },
    { .name = "pictures/", .end = ".svg" },
    { .name = "pictures/", .end = ".jpg", .theirs = true },
    { .name = "pictures/", .end = ".png", .theirs = true },
    { .name = "pictures/", .end = ".svg", .theirs = true },
};

static bool turn_is(const struct turn *t, const char *path)
{
    int depth = 0;

    if (t->end == NULL)
        return str_eq(path, t->name);
    if (!str_starts(path, t->name) || !str_ends(path, t->end))
        return false;
    for (const char *c = path + strlen(t->name); *c != '\0'; c++)
        depth += *c == '/' ? 1 : 0;
    return depth <= t->depth;
}

int content_turn(const char *path)
{
    static const char employers[] = "employers/";
    const char *rest = str_starts(path, employers) ? strchr(path + strlen(employers), '/') : NULL;

    for (size_t i = 0; i < COUNT_OF(turns); i++) {
        if (turns[i].theirs ? rest != NULL && turn_is(&turns[i], rest + 1)
                            : turn_is(&turns[i], path))
            return (int)i;
    }
    return -1;
}

bool content_turn_shapes(int turn)
{
    return turn >= 0 && turns[turn].shapes;
}
