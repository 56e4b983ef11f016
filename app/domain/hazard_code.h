/* Hazard statements (H and EUH codes) and what follows from them: words, pictograms with their precedence, the signal word.
   The kiosk derives pictograms and signal word and holds what a document says against it, so that a mistyped one is found.
   Pure. */
#pragma once

#include <stddef.h>

enum { HAZARD_PICTOGRAMS_MAX = 9, HAZARD_CODES_MAX = 24 };

enum hazard_signal { HAZARD_NO_SIGNAL, HAZARD_WARNING, HAZARD_DANGER };

/* What it does, in a few words of our own: "H314" -> "burns skin and eyes". NULL: not a code that we know. */
const char *hazard_code_words(const char *code);
/* How grave it is, 1-6; 0: not a code that we know. What is told first, and which of two labels is the worse. */
unsigned hazard_code_weight(const char *code);
/* The pictograms of a label with these codes, as sign ids in order ("ghs02"), by the rules of precedence: a skull takes the
   exclamation mark away; corrosion takes it away for skin and eye irritation; the health hazard sign, when it stands for
   breathing allergy, takes it away for skin allergy and irritation. Returns how many. Unknown codes give none. */
size_t hazard_pictograms(const char *const *codes, size_t count,
                         const char *out[HAZARD_PICTOGRAMS_MAX]);
/* The signal word that the codes ask for at the least: a label may say «Danger» where this says HAZARD_WARNING, as H228,
   H261 and H272 each stand for two classes. */
enum hazard_signal hazard_signal_of(const char *const *codes, size_t count);
/* "Danger", "Warning", "". */
const char *hazard_signal_words(enum hazard_signal signal);
