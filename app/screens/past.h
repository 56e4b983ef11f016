/* A past check in words, for the lists and the record that show it. */
#pragma once

#include "app/domain/check.h"
#include "app/screens/parts.h"

/* "Pass", "Fail", "Taken back", "Corrected", "Waits for a countersignature", "Imported". */
const char *past_badge(const struct past_check *p);
enum ui_tone past_tone(const struct past_check *p);
/* Whether the kiosk learnt later that its clock was off by more than a minute, and the day it really was then. */
bool past_off(const struct past_check *p);
int32_t past_true_day(const struct past_check *p);
/* Beside the day in a list, where it is not the day that it really was, or nobody knows: " · really 23 Nov". "" else, and
   for a day that a person wrote. */
const char *past_when(struct app *app, const struct past_check *p);
/* The answer as the person read it: the words of a choice as the record kept them; for a record of an older release those of
   the form, where the content still has that version, else the code. In the frame's arena, the record's or the content's. */
const char *past_answer(struct app *app, const struct check *c, const struct check_answer *answer);
