/* What is told when content does not come: one row a fault. What is here stays readable, and each row says so. */
#include "sync/client/content.h"

#define STAYS "What is on this kiosk stays as it is and can be read."

static const struct fault_text content_texts[UPDATER_FAULTS] = {
    [UPDATER_FINE] = { .code = "", .what = "", .means = "", .todo = "" },
    [UPDATER_UNREACHED] = {
        .code = "S-501",
        .what = "New guidance could not be fetched to its end.",
        .means = STAYS " What was fetched is kept.",
        .todo = "Nothing needs doing: this kiosk goes on by itself.",
    },
    [UPDATER_NO_ROOT] = {
        .code = "S-502",
        .what = "This kiosk does not know yet whose signature counts on guidance.",
        .means = STAYS,
        .todo = "Join a hub, or ask IT to start the kiosk once with --content.",
    },
    [UPDATER_EMPTY] = {
        .code = "S-503",
        .what = "There is no signed guidance there yet.",
        .means = STAYS,
        .todo = "Ask IT to publish content to the hub.",
    },
    [UPDATER_NOBODY] = {
        .code = "S-504",
        .what = "None of the guidance there is for this school.",
        .means = STAYS,
        .todo = "Check the constituency on the screen Kiosk, or ask IT who publishes for this school.",
    },
    [UPDATER_PAGE] = {
        .code = "S-505",
        .what = "A web page came in place of the guidance: the network wants a sign-in, or a filter blocks it.",
        .means = STAYS,
        .todo = "Ask IT to let this kiosk through to the hub, without a sign-in page.",
    },
    [UPDATER_MALFORMED] = {
        .code = "S-506",
        .what = "The new guidance is not written as it has to be.",
        .means = STAYS,
        .todo = "Tell IT: whoever published it has to run canny-pack lint and publish again.",
    },
    [UPDATER_UNSIGNED] = {
        .code = "S-507",
        .what = "The new guidance is not signed by enough of those who have to.",
        .means = STAYS " Nothing of it was taken.",
        .todo = "Tell IT: a signature is missing, or somebody else has made it.",
    },
    [UPDATER_OLDER] = {
        .code = "S-508",
        .what = "The guidance offered is older than what this kiosk has.",
        .means = "This kiosk keeps its own, which is newer.",
        .todo = "Nothing needs doing. If it is the hub's, tell IT: it may have been put back from a copy.",
    },
    [UPDATER_MIXED] = {
        .code = "S-509",
        .what = "Files of the new guidance do not belong together.",
        .means = STAYS,
        .todo = "Nothing needs doing while somebody publishes. If it lasts a day, tell IT.",
    },
    [UPDATER_EXPIRED] = {
        .code = "S-510",
        .what = "The signatures on the guidance offered have run out.",
        .means = STAYS " It is only not replaced.",
        .todo = "Tell IT: the hub has not signed for weeks, or the stick is an old one.",
    },
    [UPDATER_MISSING] = {
        .code = "S-511",
        .what = "A file of the new guidance is missing.",
        .means = STAYS,
        .todo = "Nothing needs doing while somebody publishes. If it lasts a day, tell IT to publish again.",
    },
    [UPDATER_WRONG] = {
        .code = "S-512",
        .what = "A file of the new guidance is not the one that was signed.",
        .means = STAYS " Nothing of it was taken.",
        .todo = "Tell IT: the file was damaged or changed on its way.",
    },
    [UPDATER_NEWER] = {
        .code = "S-513",
        .what = "The new guidance needs a newer version of Canny.",
        .means = STAYS,
        .todo = "Ask IT to update the program on this kiosk.",
    },
    [UPDATER_REFUSED] = {
        .code = "S-514",
        .what = "The new guidance failed its checks on this kiosk.",
        .means = STAYS,
        .todo = "Tell IT, with the file that is named: it has to be corrected and published again.",
    },
    [UPDATER_FULL] = {
        .code = "S-515",
        .what = "There is no room on this kiosk for the new guidance.",
        .means = STAYS " Records go on being saved.",
        .todo = "Tell IT: the kiosk's card is nearly full.",
    },
    [UPDATER_OURS] = {
        .code = "S-516",
        .what = "This kiosk could not keep the new guidance.",
        .means = STAYS,
        .todo = "Tell IT: the kiosk's card may be failing.",
    },
};

/* What was shown may be wrong in anything: none of it is. */
static const struct fault_text content_damaged[] = {
    [false] = {
        .code = "S-517",
        .what = "The guidance and forms on this kiosk's card were damaged. They are being checked again.",
        .means = "None of them are shown, and no check can be made, until they are whole. Records are safe, and recalls still count.",
        .todo = "Keep the kiosk on the network, or plug in a stick with the guidance: it mends itself. If this lasts a day or comes back, tell IT: the card may be failing.",
    },
    [true] = {
        .code = "S-517",
        .what = "The guidance and forms on this kiosk's card were damaged. They are being checked again.",
        .means = "The edition before is shown meanwhile: it is whole, but older. Records are safe.",
        .todo = "Keep the kiosk on the network, or plug in a stick with the guidance: it mends itself. If this lasts a day or comes back, tell IT: the card may be failing.",
    },
};

const struct fault_text *content_damaged_text(bool before)
{
    return &content_damaged[before];
}

const struct fault_text *content_fault_text(enum updater_fault fault)
{
    return &content_texts[fault];
}
