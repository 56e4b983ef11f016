#include "sync/pack/args.h"

#include <stdio.h>
#include <string.h>

#include "platform/base/str.h"

int args_wrong(const char *command, const char *text)
{
    (void)fprintf(stderr, "canny-pack %s: %s; see canny-pack %s --help\n", command, text, command);
    return 2;
}

const char *args_quoted(char out[ARGS_QUOTED], const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                "/._-+:%@";
    size_t len = 0;

    if (*path != '\0' && path[strspn(path, plain)] == '\0') {
        (void)str_copy(out, ARGS_QUOTED, path);
        return out;
    }
    out[len++] = '\'';
    for (; *path != '\0' && len + 6 < ARGS_QUOTED; path++) {
        if (*path == '\'') {
            memcpy(out + len, "'\\'", 3);
            len += 3;
        }
        out[len++] = *path;
    }
    out[len++] = '\'';
    out[len] = '\0';
    return out;
}

static bool args_fail(const char *command, const char *arg, const char *text)
{
    (void)fprintf(stderr, "canny-pack %s: %s%s; see canny-pack %s --help\n", command, arg, text,
                  command);
    return false;
}

static bool list_add(const char *command, struct args_list *list, const char *value)
{
    if (list->count == ARGS_LIST_MAX)
        return args_fail(command, value, ": too many arguments");
    list->rows[list->count++] = value;
    return true;
}

static const struct args_option *option_find(const struct args_option *options, size_t count,
                                             const char *arg, size_t len)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == len && strncmp(options[i].name, arg, len) == 0)
            return &options[i];
    return NULL;
}

/* One option whose value, if it takes one, may be the next argument. */
static bool option_take(const char *command, const struct args_option *o, const char *arg,
                        const char *next, bool *out_used)
{
    const char *value = strchr(arg, '=');

    if (o->flag != NULL) {
        *o->flag = true;
        return value == NULL || args_fail(command, o->name, " takes no value");
    }
    *out_used = value == NULL;
    value = value != NULL ? value + 1 : next;
    if (value == NULL || *value == '\0')
        return args_fail(command, o->name, " needs a value");
    if (o->list != NULL)
        return list_add(command, o->list, value);
    if (*o->value != NULL)
        return args_fail(command, o->name, " is given twice");
    *o->value = value;
    return true;
}

bool args_read(const char *command, int count, char **args, const struct args_option *options,
               size_t option_count, struct args_list *out_words)
{
    for (int i = 0; i < count; i++) {
        const struct args_option *o;
        bool used = false;

        /* An empty word is a variable that was not set, and would lead to the root of the disk. */
        if (args[i][0] == '\0')
            return args_fail(command, "a word", " is empty");
        if (strncmp(args[i], "--", 2) != 0) {
            if (!list_add(command, out_words, args[i]))
                return false;
            continue;
        }
        o = option_find(options, option_count, args[i], strcspn(args[i], "="));
        if (o == NULL)
            return args_fail(command, args[i], ": there is no such option");
        if (!option_take(command, o, args[i], i + 1 < count ? args[i + 1] : NULL, &used))
            return false;
        i += used ? 1 : 0;
    }
    return true;
}
