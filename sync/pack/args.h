/* Options of a command: "--name VALUE", "--name=VALUE", "--flag", and words between them in any order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { ARGS_LIST_MAX = 64 };

struct args_list {
    const char *rows[ARGS_LIST_MAX];
    size_t count;
};

/* One of the three says where it goes. Values are borrowed from the arguments. */
struct args_option {
    const char *name; /* "--keys" */
    const char **value;
    bool *flag;
    struct args_list *list; /* may be given again and again */
};

/* False: something is wrong, and the command's name, what, and where its help is, stands on stderr; the status is 2. */
bool args_read(const char *command, int count, char **args, const struct args_option *options,
               size_t option_count, struct args_list *out_words);
/* A path as a shell takes it, for words that are to be pasted: in quotes where it needs them. */
enum { ARGS_QUOTED = 1100 };
const char *args_quoted(char out[ARGS_QUOTED], const char *path);
/* Says what is missing or wrong in the same form, and returns 2. */
int args_wrong(const char *command, const char *text);
