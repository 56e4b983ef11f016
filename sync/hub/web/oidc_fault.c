#include "sync/hub/web/oidc_fault.h"

static const struct oidc_fault_text faults[OIDC_FAULT_COUNT] = {
    [OIDC_OK] = { "", "" },
    [OIDC_NO_ADDRESS] = { "O-10", "this hub was not told its own address (enrol --url)" },
    [OIDC_BUSY] = { "O-11", "too many others wait for their issuers, or too many wrong tries came "
                            "from here" },
    [OIDC_UNREACHED] = { "O-12", "the issuer could not be reached" },
    [OIDC_CONFIG] = { "O-13", "what the issuer tells of itself cannot be used" },
    [OIDC_KEYS] = { "O-14", "the issuer's keys cannot be used" },
    [OIDC_STATE] = { "O-20", "this browser did not begin this sign-in" },
    [OIDC_STATE_OLD] = { "O-21", "the sign-in took too long" },
    [OIDC_STATE_USED] = { "O-22", "the answer came a second time" },
    [OIDC_MIX_UP] = { "O-23", "another issuer answered than was asked" },
    [OIDC_REFUSED] = { "O-24", "the issuer refused" },
    [OIDC_NO_TOKEN] = { "O-30", "the issuer gave no token for the code" },
    [OIDC_MALFORMED] = { "O-31", "the token is not well-formed" },
    [OIDC_ALGORITHM] = { "O-32", "the token is not signed, or not in a way that is taken" },
    [OIDC_KEY_UNKNOWN] = { "O-33", "the token is signed with a key that the issuer does not have" },
    [OIDC_SIGNATURE] = { "O-34", "the token's signature is wrong" },
    [OIDC_ISSUER] = { "O-35", "the token is another issuer's" },
    [OIDC_AUDIENCE] = { "O-36", "the token is not for this hub" },
    [OIDC_TIME] = { "O-37", "the token does not count now" },
    [OIDC_NONCE] = { "O-38", "the token is of another sign-in" },
    [OIDC_CLAIMS] = { "O-39", "the token does not say what it has to" },
    [OIDC_NO_ROLE] = { "O-40", "nothing that the token says grants a role" },
    [OIDC_NO_GROUPS] = { "O-41", "nothing that the token says grants a role; the issuer left their "
                                 "groups out, as it does where there are many" },
    [OIDC_ENDED] = { "O-42", "the account was ended here" },
    [OIDC_TOO_MANY] = { "O-43", "more than the hub can hold" },
    [OIDC_STORE] = { "O-44", "the hub could not read or write its records" },
};

const struct oidc_fault_text *oidc_fault_text(enum oidc_fault fault)
{
    return &faults[fault];
}
