/* What a fail asks for: the actions F1 to F5. Pure; the words are constants. */
#pragma once

/* 1 for "F1" to 5 for "F5", the gravest; 0 for anything else. */
int fail_action_rank(const char *code);
/* The graver of two; "" when neither is an action. */
const char *fail_action_worse(const char *x, const char *y);
/* "Put right now", "Isolate now". "" when unknown. */
const char *fail_action_name(const char *code);
/* What to do now, one or two sentences. An unknown code is answered as F2: a fail whose action cannot be
   read still takes the item out of use. */
const char *fail_action_do(const char *code);
/* Whom to tell, a sentence; "" nobody beyond the record. */
const char *fail_action_tell(const char *code);
