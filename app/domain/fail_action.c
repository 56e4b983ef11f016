#include "app/domain/fail_action.h"

#include <stddef.h>

struct fail_action {
    const char *name, *act, *tell;
};

/* Row n is action Fn; row 0 is no action. */
static const struct fail_action actions[] = {
    { "", "", "" },
    { "Put right now", "Put it right now and record what was done; it then passes with that note.",
      "" },
    { "Do not use", "Tag it, move it to quarantine and ask for its repair.", "" },
    { "Isolate now",
      "Isolate it now: plug out, valve shut or room closed. Then tag it and move it to quarantine.",
      "Tell the head of department." },
    { "Isolate and tell the RPS",
      "Isolate it now and keep people away. Touch nothing more until the radiation protection "
      "supervisor has said how.",
      "Tell the head of department, and the radiation protection supervisor (RPS), who tells the "
      "radiation protection adviser (RPA)." },
    { "Isolate, outside examination",
      "Isolate it now: plug out, valve shut or room closed. A contractor or competent body has to "
      "examine it before it is released.",
      "Tell the head of department, and have the contractor or competent body called." },
};
enum { ACTION_QUARANTINE = 2, ACTION_MAX = sizeof(actions) / sizeof(*actions) - 1 };

int fail_action_rank(const char *code)
{
    int worst = 0;

    /* A form may name two («F2/F3»): the graver one counts. */
    while (code != NULL && code[0] == 'F' && code[1] >= '1' && code[1] <= '0' + (int)ACTION_MAX) {
        if (code[1] - '0' > worst)
            worst = code[1] - '0';
        if (code[2] == '\0')
            return worst;
        if (code[2] != '/')
            return 0;
        code += 3;
    }
    return 0;
}

const char *fail_action_worse(const char *x, const char *y)
{
    int of_x = fail_action_rank(x);
    int of_y = fail_action_rank(y);

    if (of_x == 0 && of_y == 0)
        return "";
    return of_y > of_x ? y : x;
}

const char *fail_action_name(const char *code)
{
    return actions[fail_action_rank(code)].name;
}

const char *fail_action_do(const char *code)
{
    int rank = fail_action_rank(code);

    return actions[rank == 0 ? ACTION_QUARANTINE : rank].act;
}

const char *fail_action_tell(const char *code)
{
    return actions[fail_action_rank(code)].tell;
}
