/* The look of each tone and card, in two tables. */
#include "app/ui/inner.h"

static const struct tone_look tones[] = {
    [TONE_PLAIN] = {
        .ink = THEME_INK, .soft = THEME_OFF, .soft_ink = THEME_INK, .solid = THEME_BAR,
        .on_solid = THEME_ON_DARK, .line = THEME_CARD_LINE,
    },
    [TONE_MUTED] = {
        .ink = THEME_INK_MUTED, .soft = THEME_OFF, .soft_ink = THEME_OFF_INK, .solid = THEME_BAR,
        .on_solid = THEME_ON_DARK, .line = THEME_CARD_LINE,
    },
    [TONE_GOOD] = {
        .ink = THEME_GOOD, .soft = THEME_GOOD_SOFT, .soft_ink = THEME_GOOD, .solid = THEME_GOOD,
        .on_solid = THEME_ON_DARK, .line = THEME_GOOD, .icon = ICON_CHECK, .status = true,
    },
    [TONE_DUE] = {
        .ink = THEME_DUE, .soft = THEME_DUE_SOFT, .soft_ink = THEME_DUE, .solid = THEME_DUE_SOFT,
        .on_solid = THEME_DUE, .line = THEME_DUE_LINE, .icon = ICON_CLOCK, .status = true,
    },
    [TONE_LATE] = {
        .ink = THEME_LATE, .soft = THEME_LATE, .soft_ink = THEME_ON_DARK, .solid = THEME_LATE,
        .on_solid = THEME_ON_DARK, .line = THEME_LATE, .icon = ICON_ALERT, .status = true,
    },
    [TONE_BAD] = {
        .ink = THEME_BAD, .soft = THEME_BAD_SOFT, .soft_ink = THEME_BAD, .solid = THEME_BAD,
        .on_solid = THEME_ON_DARK, .line = THEME_BAD, .icon = ICON_CROSS, .status = true,
    },
    [TONE_INFO] = {
        .ink = THEME_INFO, .soft = THEME_INFO_SOFT, .soft_ink = THEME_INFO,
        .solid = THEME_INFO_SOFT, .on_solid = THEME_INFO, .line = THEME_INFO, .icon = ICON_INFO, .status = true,
    },
    [TONE_ON_DARK] = {
        .ink = THEME_ON_DARK, .soft = THEME_BAR_CHIP, .soft_ink = THEME_ON_DARK, .solid = THEME_BAR,
        .on_solid = THEME_ON_DARK, .line = THEME_ON_DARK,
    },
    [TONE_ACCENT] = {
        .ink = THEME_ACCENT, .soft = THEME_ACCENT_SOFT, .soft_ink = THEME_ACCENT,
        .solid = THEME_ACCENT, .on_solid = THEME_ON_DARK, .line = THEME_ACCENT,
    },
    [TONE_OFFLINE] = {
        .ink = THEME_INK_MUTED, .soft = THEME_OFF, .soft_ink = THEME_OFF_INK, .solid = THEME_OFF,
        .on_solid = THEME_OFF_INK, .line = THEME_CARD_LINE, .icon = ICON_OFFLINE, .status = true,
    },
};

const struct tone_look *tone_of(enum ui_tone tone)
{
    return &tones[tone];
}

static const struct card_look cards[] = {
    [CARD_PLAIN] = { THEME_CARD, THEME_CARD_LINE, THEME_INK, THEME_INK_MUTED, THEME_ACCENT },
    [CARD_GOOD] = { THEME_GOOD_PALE, THEME_GOOD, THEME_INK, THEME_INK_MUTED, THEME_GOOD },
    [CARD_DUE] = { THEME_DUE_PALE, THEME_DUE_LINE, THEME_INK, THEME_INK_MUTED, THEME_ACCENT },
    [CARD_BAD] = { THEME_BAD_PALE, THEME_BAD, THEME_INK, THEME_INK_MUTED, THEME_BAD },
    [CARD_BAD_SOLID] = { THEME_BAD, THEME_BAD, THEME_ON_DARK, THEME_ON_DARK, THEME_ON_DARK },
    [CARD_INFO] = { THEME_INFO_PALE, THEME_INFO, THEME_INK, THEME_INK_MUTED, THEME_INFO },
    [CARD_DARK] = { THEME_BAR, THEME_BAR, THEME_ON_DARK, THEME_ON_DARK, THEME_ON_DARK },
    [CARD_SELECTED] = { THEME_ACCENT_SOFT, THEME_ACCENT, THEME_INK, THEME_INK_MUTED, THEME_ACCENT },
    [CARD_LATE] = { THEME_LATE, THEME_LATE, THEME_ON_DARK, THEME_ON_DARK, THEME_ON_DARK },
    [CARD_GOOD_SOLID] = { THEME_GOOD, THEME_GOOD, THEME_ON_DARK, THEME_ON_DARK, THEME_ON_DARK },
    [CARD_ACCENT] = { THEME_ACCENT, THEME_ACCENT, THEME_ON_DARK, THEME_ON_DARK, THEME_ON_DARK },
};

const struct card_look *card_of(enum ui_card card)
{
    return &cards[card];
}
