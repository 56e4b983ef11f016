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
        .what = "The hub's name could not be found on this network.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT whether this network's DNS knows the hub's name.",
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
    [FAULT_NO_ROUTE] = {
        .code = "S-105",
        .what = "There is a network here, but no way from it to the hub.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT to let this kiosk reach the hub, or which proxy it has to use.",
    },
    [FAULT_CUT] = {
        .code = "S-106",
        .what = "The connection to the hub was cut half way.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Nothing needs doing: this kiosk tries again by itself. If it lasts a day, ask IT whether a filter cuts it.",
    },
    [FAULT_DNS] = {
        .code = "S-107",
        .what = "The network's name service (DNS) does not answer, so the hub was not found.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "If it lasts, tell IT that DNS does not answer this kiosk.",
    },
    [FAULT_NO_ADDRESS] = {
        .code = "S-108",
        .what = "The network is connected, but has given this kiosk no address.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT why: the network may not know this kiosk, or may want it to sign in (802.1X).",
    },
    [FAULT_SIGN_IN] = {
        .code = "S-109",
        .what = "The network asks this kiosk to sign in (802.1X or Wi-Fi), and that did not succeed.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT to check the sign-in that is set for this kiosk's network, and its certificate.",
    },
    [FAULT_NOT_HUB] = {
        .code = "S-110",
        .what = "Something answered that is not the hub.",
        .means = "Its answer was thrown away. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Ask IT what stands between this kiosk and the hub, and to let it reach the hub.",
    },
    [FAULT_PAGE] = {
        .code = "S-111",
        .what = "A web page answered in the hub's place, as a network's sign-in or block page does.",
        .means = "It was thrown away. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Ask IT to let this kiosk reach the hub without a sign-in page.",
    },
    [FAULT_OTHER_HUB] = {
        .code = "S-112",
        .what = "Another hub answered: its key is not the one that this kiosk knows.",
        .means = "Nothing was sent to it. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Ask IT. If the hub was set up anew, this kiosk needs a new enrolment code.",
    },
    [FAULT_TLS] = {
        .code = "S-120",
        .what = "TLS: the hub's certificate could not be verified, so nothing was sent.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "If this network inspects traffic, ask IT to add the authority's certificate to this kiosk; else to look at the hub's.",
    },
    [FAULT_OTHER_HOST] = {
        .code = "S-121",
        .what = "TLS: the machine that answered has a certificate for another name, so nothing was sent.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT whether DNS gives the hub's true address here, and whether a sign-in page is in the way.",
    },
    [FAULT_NO_TLS] = {
        .code = "S-122",
        .what = "TLS: what answered at the hub's address does not speak it, so nothing was sent.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT whether a sign-in page is in the way, and whether the hub's address is right.",
    },
    [FAULT_CERT_DATE] = {
        .code = "S-123",
        .what = "TLS: the hub's certificate is not valid on the date that this kiosk has, so nothing was sent.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Check the date of this kiosk. If it is right, ask IT to renew the hub's certificate.",
    },
    [FAULT_ADDRESS] = {
        .code = "S-130",
        .what = "The hub's address cannot be used: it must start with https://.",
        .means = "Nothing was sent. Everything is saved on this kiosk and nothing is lost.",
        .todo = "Ask IT for the hub's right address, and join with it.",
    },
    [FAULT_PROXY_NAME] = {
        .code = "S-141",
        .what = "The proxy's name could not be found on this network.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Check the address of the proxy under «Network and proxy», or ask IT for it.",
    },
    [FAULT_PROXY_GONE] = {
        .code = "S-142",
        .what = "No proxy answers at the address that is set.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Check the address of the proxy under «Network and proxy», or ask IT for it.",
    },
    [FAULT_PROXY_LOGIN] = {
        .code = "S-143",
        .what = "The proxy does not accept the user and password of this kiosk.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Type them anew under «Network and proxy», or ask IT for them.",
    },
    [FAULT_PROXY_BLOCKS] = {
        .code = "S-144",
        .what = "The proxy does not let this kiosk through to the hub.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Ask IT to allow the hub's address on the proxy.",
    },
    [FAULT_PROXY_HUB] = {
        .code = "S-145",
        .what = "The proxy could not reach the hub.",
        .means = "Everything is saved on this kiosk and waits its turn. Nothing is lost.",
        .todo = "Nothing needs doing at first: the hub may be off. If it lasts a day, tell IT.",
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
        .todo = "Ask IT to set the date and time of this kiosk; then tap «Try now».",
    },
    [FAULT_REVOKED] = {
        .code = "S-205",
        .what = "The hub has taken this kiosk out of use.",
        .means = "Nothing is lost of what it sent: the hub keeps it. This kiosk deletes its own copy.",
        .todo = "Ask IT, if that is not as it should be.",
    },
    [FAULT_FORK] = {
        .code = "S-301",
        .what = "The hub holds other records under a kiosk's name than this kiosk does, and they could not be put side by side.",
        .means = "Sending has stopped so that neither set is overwritten. Both are kept and nothing is lost.",
        .todo = "Go on working, and tell IT: the hub's log says why.",
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
    [FAULT_VERSION] = {
        .code = "S-304",
        .what = "The hub's answer is written for another version of Canny than this kiosk has.",
        .means = "The other kiosks' records wait on the hub until both have the same version. Nothing is lost.",
        .todo = "Go on working. Tell IT: this kiosk or the hub needs an update.",
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
