/* Colours and icons: the look of shared mockups in one table. Contrast is checked by audit. */
#pragma once

#include "platform/draw.h"

#define THEME_PAPER 0xF2F1ECu /* warm paper behind everything */
#define THEME_CARD 0xFFFFFFu
#define THEME_CARD_LINE 0xD3D5D8u
#define THEME_INK 0x14202Bu
#define THEME_INK_MUTED 0x455463u
#define THEME_BAR 0x0B3442u /* deep navy of the top bar */
#define THEME_BAR_CHIP 0x284C59u
#define THEME_ON_DARK 0xFFFFFFu
#define THEME_ACCENT 0x0F657Au /* the one teal: the main action */
#define THEME_ACCENT_SOFT 0xE4EFF2u
#define THEME_ACCENT_DEEP 0x0A4A5Au /* pressed */
#define THEME_OFF 0xD5DEE1u         /* a button that cannot be tapped now */
#define THEME_OFF_INK 0x33434Fu
#define THEME_KEYS 0xE3E4DFu  /* behind the on-screen keyboard */
#define THEME_TRACK 0xDDE1E4u /* the empty part of a progress bar */
#define THEME_GOOD 0x186A38u
#define THEME_GOOD_SOFT 0xE0F1E6u
#define THEME_GOOD_PALE 0xF2FAF4u /* cards; the soft ones are for badges */
#define THEME_DUE 0x754700u
#define THEME_DUE_SOFT 0xFFEBC2u
#define THEME_DUE_PALE 0xFFF9ECu
#define THEME_DUE_LINE 0xD9A233u
#define THEME_LATE 0x754300u /* solid, white words */
#define THEME_BAD 0xA61F1Bu
#define THEME_BAD_SOFT 0xFBE0DEu
#define THEME_BAD_PALE 0xFFF5F4u
#define THEME_INFO 0x174F9Cu
#define THEME_INFO_SOFT 0xDFEBFBu
#define THEME_INFO_PALE 0xF2F7FEu
#define THEME_SHADE                                                                                \
    0x808080u /* what a picture is taken for when words stand on it: fails contrast */

/* Material Design Icons 1.6.50 (fonts-materialdesignicons-webfont): code points in its private
   area. The toolkit's author looks each up in the font's own list; a test draws every one and finds
   it not blank. */
