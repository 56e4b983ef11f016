#include "app/store/edition_state.h"

#include <string.h>
#include <unistd.h>

#include "platform/base/str.h"

enum { STATE_BYTES_MAX = 4096, BAD_MAX = 8, SWEEP_MAX = 1000, PICTURES_MAX = 20000 };

enum err edition_dir(const char *data_dir, char out[FS_PATH_MAX], struct why *why)
{
    return fs_join(out, data_dir, "content", why);
}

static enum err state_path(const char *data_dir, const char *name, char out[FS_PATH_MAX],
                           struct why *why)
{
    char dir[FS_PATH_MAX];
    enum err rc = edition_dir(data_dir, dir, why);

    return rc == ERR_OK ? fs_join(out, dir, name, why) : rc;
}

enum err edition_path(const char *data_dir, const char *hash, char out[FS_PATH_MAX],
                      struct why *why)
{
    char name[KEYS_ID_TEXT + 4];

    (void)str_format(name, sizeof name, "%s.db", hash);
    return state_path(data_dir, name, out, why);
}

/* A small file's text; "" when it is not there or cannot be read: each of them is as good as absent then. */
static void state_read(const char *data_dir, const char *name, char *out, size_t size)
{
    char path[FS_PATH_MAX];
    char *text = NULL;
    size_t len = 0;
    struct arena a;

    out[0] = '\0';
    arena_init(&a, (size_t)2 * STATE_BYTES_MAX);
    if (state_path(data_dir, name, path, NULL) == ERR_OK &&
        fs_read(&a, path, STATE_BYTES_MAX, &text, &len, NULL) == ERR_OK)
        (void)str_copy(out, size, text);
    arena_done(&a);
}

static enum err state_write(const char *data_dir, const char *name, const char *text,
                            struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = state_path(data_dir, name, path, why);

    return rc == ERR_OK ? fs_replace(path, text, strlen(text), 0600, why) : rc;
}

/* "HASH KEY", and what may follow. */
static void name_read(const char *data_dir, const char *file, struct edition_name *out,
                      const char **out_rest, char text[STATE_BYTES_MAX])
{
    const size_t digits = KEYS_ID_TEXT - 1;

    *out = (struct edition_name){ .hash = "" };
    *out_rest = "";
    state_read(data_dir, file, text, STATE_BYTES_MAX);
    if (strlen(text) < 2 * digits + 1 || text[digits] != ' ')
        return;
    memcpy(out->hash, text, digits);
    memcpy(out->key, text + digits + 1, digits);
    *out_rest = text + 2 * digits + 1;
    if (!hex_is(out->hash, digits) || !hex_is(out->key, digits))
        *out = (struct edition_name){ .hash = "" };
}

static void name_of(const char *data_dir, const char *file, struct edition_name *out)
{
    char text[STATE_BYTES_MAX];
    const char *rest = "";

    name_read(data_dir, file, out, &rest, text);
}

static enum err name_write(const char *data_dir, const char *file, const struct edition_name *name,
                           struct why *why)
{
    char text[2 * KEYS_ID_TEXT + 2];

    (void)str_format(text, sizeof text, "%s %s\n", name->hash, name->key);
    return state_write(data_dir, file, text, why);
}

static bool name_there(const char *data_dir, const struct edition_name *name)
{
    char path[FS_PATH_MAX];

    return name->hash[0] != '\0' && edition_path(data_dir, name->hash, path, NULL) == ERR_OK &&
           access(path, R_OK) == 0;
}

/* ---- what is said ---- */

void edition_current(const char *data_dir, struct edition_name *out)
{
    name_of(data_dir, "current", out);
    if (!name_there(data_dir, out))
        *out = (struct edition_name){ .hash = "" };
}

void edition_next(const char *data_dir, struct edition_name *out)
{
    struct edition_name current;

    name_of(data_dir, "next", out);
    name_of(data_dir, "current", &current);
    if (!name_there(data_dir, out) || str_eq(out->hash, current.hash) ||
        edition_is_bad(data_dir, out->key))
        *out = (struct edition_name){ .hash = "" };
}

void edition_newest(const char *data_dir, struct edition_name *out)
{
    edition_next(data_dir, out);
    if (out->hash[0] == '\0')
        edition_current(data_dir, out);
}

bool edition_is_bad(const char *data_dir, const char *key)
{
    char text[STATE_BYTES_MAX];

    state_read(data_dir, "bad", text, sizeof text);
    return key[0] != '\0' && strstr(text, key) != NULL;
}

const char *edition_refused_text(const char *data_dir, struct arena *a)
{
    char text[STATE_BYTES_MAX];
    const char *copy;

    state_read(data_dir, "refused", text, sizeof text);
    text[strcspn(text, "\n")] = '\0';
    copy = arena_strdup(a, text);
    return copy == NULL ? "" : copy;
}

enum err edition_wait(const char *data_dir, const struct edition_name *name, struct why *why)
{
    return name_write(data_dir, "next", name, why);
}

void edition_refused(const char *data_dir, const char *text)
{
    char path[FS_PATH_MAX];

    enum err rc = state_path(data_dir, "refused", path, NULL);

    if (rc == ERR_OK)
        rc = text[0] == '\0' ? fs_remove(path, NULL)
                             : fs_replace(path, text, strlen(text), 0600, NULL);
    /* Told only: an edition is refused whether or not this can be kept. */
    (void)rc;
}

/* ---- one that is damaged ---- */

void edition_aside(const char *data_dir, struct edition_name *out)
{
    name_of(data_dir, "aside", out);
}

/* What named the one in use names the one that was: a full disk takes a rename. */
static enum err aside_name(const char *data_dir, struct why *why)
{
    char from[FS_PATH_MAX];
    char to[FS_PATH_MAX];
    enum err rc = state_path(data_dir, "current", from, why);

    if (rc == ERR_OK)
        rc = state_path(data_dir, "aside", to, why);
    return rc == ERR_OK ? fs_move(from, to, why) : rc;
}

/* Its name goes first. A cut before it is moved itself leaves it where it was: where `next` names it still, the next start holds
   it against its sum again; else nobody does, and it is swept with what is not wanted. */
enum err edition_set_aside(const char *data_dir, const struct edition_name *name, struct why *why)
{
    struct edition_name current;
    struct edition_name before;
    struct edition_name aside;
    char file[KEYS_ID_TEXT + 8];
    char from[FS_PATH_MAX];
    char to[FS_PATH_MAX];
    enum err rc = edition_path(data_dir, name->hash, from, why);

    (void)str_format(file, sizeof file, "%s.aside", name->hash);
    if (rc == ERR_OK)
        rc = state_path(data_dir, file, to, why);
    name_of(data_dir, "current", &current);
    name_of(data_dir, "before", &before);
    edition_aside(data_dir, &aside);
    /* Of one that stands in for another, that one is still missed. */
    if (rc == ERR_OK && str_eq(current.hash, name->hash) &&
        (aside.hash[0] == '\0' || !str_eq(before.hash, name->hash)))
        rc = aside_name(data_dir, why);
    return rc == ERR_OK ? fs_move(from, to, why) : rc;
}

bool edition_damaged_told(const char *data_dir)
{
    char path[FS_PATH_MAX];
    struct fs_stat st;

    return state_path(data_dir, "damaged", path, NULL) == ERR_OK &&
           fs_stat(path, &st, NULL) == ERR_OK && st.size > 0;
}

/* ---- opening ---- */

static int trial_of(const char *data_dir, const struct edition_name *name)
{
    char text[STATE_BYTES_MAX];
    struct edition_name tried;
    const char *rest = "";
    int64_t count = 0;

    name_read(data_dir, "trying", &tried, &rest, text);
    if (!str_eq(tried.hash, name->hash))
        return 0;
    text[strcspn(text, "\n")] = '\0';
    if (rest[0] != ' ' || !str_to_i64(rest + 1, &count) || count < 0 || count > EDITION_OPENS_MAX)
        return EDITION_OPENS_MAX;
    return (int)count;
}

static enum err trial_write(const char *data_dir, const struct edition_name *name, int count,
                            struct why *why)
{
    char text[2 * KEYS_ID_TEXT + 16];

    (void)str_format(text, sizeof text, "%s %s %d\n", name->hash, name->key, count);
    return state_write(data_dir, "trying", text, why);
}

static void trial_end(const char *data_dir)
{
    char path[FS_PATH_MAX];

    /* One that stays is counted no further while its edition is in use; the next one's takes its place. */
    if (state_path(data_dir, "trying", path, NULL) == ERR_OK)
        (void)unlink(path);
}

/* The newest first; the oldest fall off. */
static enum err bad_add(const char *data_dir, const char *key, struct why *why)
{
    enum { LINE = KEYS_ID_TEXT };
    char old[STATE_BYTES_MAX];
    char text[(BAD_MAX + 1) * LINE + 1];

    state_read(data_dir, "bad", old, sizeof old);
    if (strstr(old, key) != NULL)
        return ERR_OK;
    if (strlen(old) > (size_t)(BAD_MAX - 1) * LINE)
        old[(BAD_MAX - 1) * LINE] = '\0';
    (void)str_format(text, sizeof text, "%s\n%s", key, old);
    return state_write(data_dir, "bad", text, why);
}

/* Bad first and away then: a power cut in between leaves an edition that is bad and in use, which the next start takes
   back again. */
static enum err take_back(const char *data_dir, const struct edition_name *name, const char *cause,
                          bool remember, struct why *why)
{
    struct edition_name current;
    struct edition_name before;
    char text[FS_PATH_MAX];
    enum err rc = ERR_OK;

    (void)str_format(text, sizeof text, "An edition did not open%s%s. The one before is in use.",
                     cause[0] == '\0' ? "" : ": ", cause);
    for (char *c = text; *c != '\0'; c++)
        *c = *c == '\n' ? ' ' : *c;
    edition_refused(data_dir, text);
    if (remember)
        rc = bad_add(data_dir, name->key, why);
    else if (edition_path(data_dir, name->hash, text, NULL) == ERR_OK)
        (void)unlink(text); /* it can be made again */
    name_of(data_dir, "current", &current);
    name_of(data_dir, "before", &before);
    if (rc == ERR_OK && str_eq(current.hash, name->hash)) {
        char path[FS_PATH_MAX];

        if (name_there(data_dir, &before) && !str_eq(before.hash, name->hash))
            rc = name_write(data_dir, "current", &before, why);
        else if ((rc = state_path(data_dir, "current", path, why)) == ERR_OK)
            rc = fs_remove(path, why);
    }
    if (rc == ERR_OK)
        trial_end(data_dir);
    return rc;
}

/* It was in use, and its file is gone: while it is named so, the same one made again would not wait for its turn. */
static enum err current_gone(const char *data_dir, const struct edition_name *name, struct why *why)
{
    char path[FS_PATH_MAX];
    enum err rc = state_path(data_dir, "current", path, why);

    if (name->hash[0] == '\0' || rc != ERR_OK)
        return rc;
    edition_refused(data_dir, "The edition in use is gone from this kiosk's card.");
    return fs_remove(path, why);
}

enum err edition_pick(const char *data_dir, struct edition_name *out, struct why *why)
{
    static const char *const order[] = { "next", "current", "before" };
    enum err rc = ERR_OK;

    *out = (struct edition_name){ .hash = "" };
    for (size_t i = 0; i < COUNT_OF(order) && rc == ERR_OK; i++) {
        struct edition_name name;

        if (i == 0)
            edition_next(data_dir, &name);
        else
            name_of(data_dir, order[i], &name);
        if (!name_there(data_dir, &name)) {
            if (i == 1)
                rc = current_gone(data_dir, &name, why);
            continue;
        }
        if (trial_of(data_dir, &name) >= EDITION_OPENS_MAX)
            rc = take_back(data_dir, &name, "the kiosk stopped twice", true, why);
        else if (i == 0 || !edition_is_bad(data_dir, name.key)) {
            *out = name;
            return ERR_OK;
        }
    }
    return rc;
}

enum err edition_try(const char *data_dir, const struct edition_name *name, struct why *why)
{
    struct edition_name current;
    int tried = trial_of(data_dir, name);

    edition_current(data_dir, &current);
    if (tried == 0 && str_eq(current.hash, name->hash))
        return ERR_OK;
    return trial_write(data_dir, name, tried + 1, why);
}

enum err edition_failed(const char *data_dir, const struct edition_name *name,
                        const struct why *cause, struct why *why)
{
    struct edition_name current;
    int tried = trial_of(data_dir, name);

    edition_current(data_dir, &current);
    /* One that has opened before is damaged, not bad: the updater may make it again. */
    if (tried == 0 && str_eq(current.hash, name->hash))
        return take_back(data_dir, name, cause->text, false, why);
    return tried >= EDITION_OPENS_MAX ? take_back(data_dir, name, cause->text, true, why) : ERR_OK;
}

/* A cut after the first rename leaves the old one in use and named twice; after the second, the new one, still on trial. */
enum err edition_switch(const char *data_dir, const struct edition_name *name, struct why *why)
{
    struct edition_name current;
    enum err rc = ERR_OK;

    edition_current(data_dir, &current);
    if (str_eq(current.hash, name->hash))
        return ERR_OK;
    if (current.hash[0] != '\0')
        rc = name_write(data_dir, "before", &current, why);
    return rc == ERR_OK ? name_write(data_dir, "current", name, why) : rc;
}

/* What was drawn of the edition before: this one's are put there when they are drawn. */
static void state_sweep_pictures(const char *data_dir)
{
    char dir[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    struct arena a;

    arena_init(&a, (size_t)4 * 1024 * 1024);
    if (state_path(data_dir, "pictures", dir, NULL) != ERR_OK ||
        fs_list(&a, dir, PICTURES_MAX, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];

        if (fs_join(path, dir, names[i], NULL) == ERR_OK)
            (void)unlink(path);
    }
    arena_done(&a);
}

static bool state_is(const char *file, const struct edition_name *name)
{
    return name->hash[0] != '\0' && str_starts(file, name->hash);
}

/* False: something is left. */
static bool state_sweep(const char *data_dir, const struct edition_name *name, bool replaced)
{
    struct edition_name before;
    struct edition_name next;
    struct edition_name aside;
    char dir[FS_PATH_MAX];
    const char **names = NULL;
    size_t count = 0;
    bool swept = true;
    struct arena a;

    name_of(data_dir, "before", &before);
    name_of(data_dir, "next", &next);
    edition_aside(data_dir, &aside);
    arena_init(&a, (size_t)1024 * 1024);
    if (edition_dir(data_dir, dir, NULL) != ERR_OK ||
        fs_list(&a, dir, SWEEP_MAX, &names, &count, NULL) != ERR_OK)
        count = 0;
    for (size_t i = 0; i < count; i++) {
        char path[FS_PATH_MAX];
        bool kept =
            state_is(names[i], name) || state_is(names[i], &before) || state_is(names[i], &next);
        bool edition = str_ends(names[i], ".db") || str_ends(names[i], ".sum");
        bool damaged = str_ends(names[i], ".aside");

        if (((edition && !kept) || (damaged && (replaced || aside.hash[0] == '\0'))) &&
            fs_join(path, dir, names[i], NULL) == ERR_OK)
            swept = unlink(path) == 0 && swept;
    }
    arena_done(&a);
    return swept;
}

/* Whether what was damaged has its place taken by one that was made since: the same one, or the newest. */
static bool aside_replaced(const char *data_dir, const struct edition_name *name)
{
    struct edition_name aside;
    struct edition_name next;

    edition_aside(data_dir, &aside);
    name_of(data_dir, "next", &next);
    return aside.hash[0] != '\0' &&
           (str_eq(name->hash, aside.hash) || str_eq(name->hash, next.hash));
}

void edition_stands(const char *data_dir, const struct edition_name *name)
{
    const bool replaced = aside_replaced(data_dir, name);
    char path[FS_PATH_MAX];

    if (trial_of(data_dir, name) != 0) {
        edition_refused(data_dir, "");
        trial_end(data_dir);
        state_sweep_pictures(data_dir);
    } else if (!replaced) {
        return;
    }
    /* The name of what was damaged goes after it: what a cut leaves is swept at the next start. */
    if (state_sweep(data_dir, name, replaced) && replaced &&
        state_path(data_dir, "aside", path, NULL) == ERR_OK)
        (void)unlink(path);
}
