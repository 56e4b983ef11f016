#include "sync/client/fault.h"

#include <assert.h>

static const struct fault_text fault_texts[FAULT_COUNT] = {
    [FAULT_NONE] = { .code = "", .what = "", .means = "", .todo = "" },
    [FAULT_NO_NETWORK] = {
        .code = "S-101",
        .what = "There is no network here at the moment.",
        .means = "Everything you record is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Nothing needs doing. If the network should be there, check the cable or the Wi-Fi.",
    },
    [FAULT_NO_NAME] = {
        .code = "S-102",
        .what = "The network does not know the hub's name.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Check the hub's address in Settings, or ask IT whether DNS knows that name.",
    },
    [FAULT_REFUSED] = {
        .code = "S-103",
        .what = "The hub's machine answered, but the hub is not running on it.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT to start the hub. This kiosk goes on trying by itself.",
    },
    [FAULT_TIMEOUT] = {
        .code = "S-104",
        .what = "The hub did not answer in time.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Nothing needs doing: this kiosk tries again by itself. If it lasts a day, tell IT.",
    },
    [FAULT_NOT_HUB] = {
        .code = "S-110",
        .what = "Something answered that is not the hub.",
        .means = "Its answer was thrown away. Everything is saved on this kiosk and nothing is lost.",
        .todo = "The network may want a sign-in page or a proxy. Ask IT to let this kiosk reach the hub.",
    },
    [FAULT_TLS] = {
        .code = "S-120",
        .what = "The hub's certificate could not be verified, so nothing was sent.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT to add the authority's certificate to this kiosk, or to renew the hub's.",
    },
    [FAULT_ADDRESS] = {
        .code = "S-130",
        .what = "The hub's address cannot be used: it must start with https://.",
        .means = "Nothing was sent. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Correct the hub's address in Settings.",
    },
    [FAULT_BUSY] = {
        .code = "S-201",
        .what = "The hub is busy and asked this kiosk to come back later.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Nothing needs doing: this kiosk keeps to the time the hub gave.",
    },
    [FAULT_HUB_TROUBLE] = {
        .code = "S-202",
        .what = "The hub has trouble of its own.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Tell IT if it lasts: the hub's log says more. This kiosk goes on trying.",
    },
    [FAULT_KEY] = {
        .code = "S-203",
        .what = "The hub does not accept this kiosk's key.",
        .means = "Nothing is sent until that is settled. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Ask IT for a new enrolment code and enrol this kiosk again.",
    },
    [FAULT_CLOCK] = {
        .code = "S-204",
        .what = "This kiosk and the hub could not agree on the time.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Check the date and time in Settings; then tap «Try now».",
    },
    [FAULT_FORK] = {
        .code = "S-301",
        .what = "The hub holds other records under this kiosk's name, as happens when a card was copied or restored.",
        .means = "Sending has stopped so that neither set is overwritten. Both are kept and nothing is lost.",
        .todo = "Go on working, and tell IT: this kiosk needs a new key.",
    },
    [FAULT_BUNDLE] = {
        .code = "S-302",
        .what = "The hub could not read what this kiosk sent and took none of it.",
        .means = "Everything is still saved on this kiosk and waits. Nothing is lost.",
        .todo = "Tell IT: the hub's log gives the reason. The kiosk or the hub may need an update.",
    },
    [FAULT_STORE] = {
        .code = "S-303",
        .what = "Records from the other kiosks could not be stored here.",
        .means = "They stay on the hub and will be fetched again. Nothing is lost.",
        .todo = "Check that this kiosk's card is not full. If it lasts, tell IT.",
    },
    [FAULT_CODE] = {
        .code = "S-401",
        .what = "The enrolment code is wrong, was used already or has run out.",
        .means = "This kiosk is not joined to the hub yet. Everything recorded is saved here.",
        .todo = "Check the code, or ask IT for a new one.",
    },
    [FAULT_OTHER_SITE] = {
        .code = "S-402",
        .what = "This kiosk already belongs to another site.",
        .means = "It was not moved. Everything recorded is saved here.",
        .todo = "Ask IT which site it should belong to.",
    },
};

const struct fault_text *fault_text(enum fault fault)
{
    assert(fault >= FAULT_NONE && fault < FAULT_COUNT);
    return &fault_texts[fault];
}
