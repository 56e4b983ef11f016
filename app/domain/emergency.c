#include "app/domain/emergency.h"

#include "platform/base/attr.h"
#include "platform/base/str.h"

/* Facts: twenty minutes for eye, skin and burn is what schools in the UK teach now (likely); the rest is
   long established. Written for somebody who reads while acting: one thing a line. */
static const struct emergency actions[] = {
    {
        .id = "eye",
        .title = "Chemical in the eye",
        .chip = "Eye",
        .act = { "Start now: gentle tap water or the eyewash.",
                 "Hold the lids open. Let it run from the nose outward, away from the other eye.",
                 "Keep rinsing for 20 minutes.",
                 "Alkali, or you do not know: call 999 while the rinsing goes on." },
        .then = "Medical help, always. Take the name of the chemical along.",
        .never = "Do not stop to look it up, and do not rub.",
        .call = true,
        .icon = 0xf208,
    },
    {
        .id = "breathing",
        .title = "Gas or fumes breathed in",
        .chip = "Gas",
        .act = { "Everybody out to fresh air. Stop the source only if you can do it without "
                 "breathing it.",
                 "Sit them up, keep them calm and warm.", "Their own inhaler, if they have one.",
                 "Hard to breathe, or blue lips: call 999." },
        .then = "Nitrogen dioxide, or a cough that goes on: hospital, even when they feel well.",
        .never = "Do not lie them down, and do not go back in for things.",
        .call = true,
        .icon = 0xf210,
    },
    {
        .id = "clothing",
        .title = "Clothing on fire",
        .chip = "Clothing on fire",
        .act = { "Stop them running. Down on the floor.",
                 "Roll, and wrap them in a fire blanket or a heavy coat.",
                 "Flames out: cool the burn under running water for 20 minutes.", "Call 999." },
        .then = "Leave what sticks to the skin where it is. Cover loosely.",
        .never = "Do not let them run, and do not beat at the flames.",
        .call = true,
        .icon = 0xf238,
    },
    {
        .id = "fire",
        .title = "Fire",
        .chip = "Fire",
        .act = { "Shout. Get the class away from it.", "Gas off at the room's valve.",
                 "A beaker or tube: cover it with a damp cloth or a lid, and leave it standing.",
                 "Larger, or it does not go out at once: alarm, everybody out, call 999." },
        .then = "Count the class outside. Nobody goes back.",
        .never = "Do not carry what burns, and no water on burning liquid or metal.",
        .call = true,
        .icon = 0xf238,
    },
    {
        .id = "burn",
        .title = "Burn or scald",
        .chip = "Burn",
        .act = { "Cool running water, at once, for 20 minutes.",
                 "Rings and watches off, before it swells.",
                 "Then a loose, clean cover: cling film or a clean plastic bag." },
        .then = "Larger than the person's hand, or on face, hands or joints: hospital.",
        .never = "No cream, no ice, and pull nothing off that sticks.",
        .icon = 0xf504,
    },
    {
        .id = "skin",
        .title = "Chemical on the skin",
        .chip = "Skin",
        .act = { "Dry lime or bits of metal: brush or pick them off dry first.",
                 "Clothes off where it went through.",
                 "Rinse with plenty of water for 20 minutes." },
        .then = "Pain, blisters or a strong acid or alkali: medical help. Take the name along.",
        .never = "Do not try to neutralise it on the skin.",
        .icon = 0xf58c,
    },
    {
        .id = "swallowed",
        .title = "Swallowed",
        .chip = "Swallowed",
        .act = { "Rinse the mouth out and spit.", "Call 999, or 111 for advice.",
                 "Have the label or the name of the chemical ready." },
        .then = "Stay with them. Take the label to hospital.",
        .never = "Do not make them sick.",
        .call = true,
        .icon = 0xf668,
    },
    {
        .id = "shock",
        .title = "Electric shock",
        .chip = "Shock",
        .act = { "Switch off: the emergency stop, the plug or the mains.",
                 "Only then touch the person.", "Call 999 and send for the defibrillator.",
                 "Not breathing: start CPR." },
        .then = "Hospital, even when they feel well: the heart can follow later.",
        .never = "Do not touch them while the power is on.",
        .call = true,
        .icon = 0xf241,
    },
    {
        .id = "cut",
        .title = "Cut",
        .chip = "Cut",
        .act = { "Press on it with something clean, and raise it.",
                 "Glass in it: press beside it, not on it.",
                 "It does not stop, or a part is off: call 999." },
        .then = "A part that is off: in a clean bag, on ice, not touching the ice.",
        .never = "Do not pull out what is stuck in it.",
        .icon = 0xf190,
    },
    {
        .id = "metal-fire",
        .title = "Metal on fire",
        .chip = "Metal fire",
        .act = { "Move everybody back.", "Cover it with plenty of dry sand.",
                 "Not covered at once: alarm, everybody out, call 999." },
        .then = "Leave it under the sand until it is cold.",
        .never = "No water, no foam, no carbon dioxide.",
        .call = true,
        .icon = 0xf238,
    },
    {
        .id = "radiation",
        .title = "Radioactive spill or damaged source",
        .chip = "Radiation",
        .act = { "Stop. Keep people away and let nobody walk through it.",
                 "Whoever touched it stays near and washes hands, with somebody watching.",
                 "Call the radiation protection supervisor." },
        .then =
            "The supervisor calls the adviser. A source that is missing: tell the head at once.",
        .never = "Do not sweep, wipe or bin anything.",
        .icon = 0xf43c,
    },
};

const struct emergency *emergency_all(size_t *out_count)
{
    *out_count = COUNT_OF(actions);
    return actions;
}

const struct emergency *emergency_by_id(const char *id)
{
    for (size_t i = 0; i < COUNT_OF(actions); i++) {
        if (str_eq(actions[i].id, id))
            return &actions[i];
    }
    return NULL;
}

const char *emergency_after(void)
{
    return "Afterwards: write it in the accident book. The employer decides whether it is reported "
           "further (RIDDOR).";
}
