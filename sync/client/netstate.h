/* What this machine knows of its own network, asked only after a request has failed. */
#pragma once

#include <stdbool.h>

enum net_state {
    NET_STATE_NONE,       /* no cable, no Wi-Fi */
    NET_STATE_NO_ADDRESS, /* connected, and the network gave no address */
    NET_STATE_SIGN_IN, /* NetworkManager says that the network's own sign-in (802.1X, Wi-Fi) did not succeed */
    NET_STATE_UP, /* some interface besides loopback has an address */
};

/* Takes two seconds at the most, as NetworkManager is asked where there is no address. Where it is not installed or does not
   answer, NET_STATE_SIGN_IN is never said: a missing address alone does not prove it. */
enum net_state net_state(void);

/* Whether this is what «nmcli -t -f GENERAL.STATE,GENERAL.REASON device show» prints of a device whose sign-in wants secrets or
   was refused. Pure. */
bool net_state_sign_in(const char *nmcli);
