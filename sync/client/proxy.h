/* The proxy that a school's network may want, with its user and password: one file of the kiosk's own, which nobody else may
   read. What the environment says (https_proxy and the like) is never taken: a proxy is set here, or there is none. */
#pragma once

#include <stdbool.h>

#include "platform/base/err.h"

enum { PROXY_ADDRESS_MAX = 256, PROXY_USER_MAX = 128, PROXY_PASSWORD_MAX = 128 };

struct proxy {
    char address[PROXY_ADDRESS_MAX];   /* "http://proxy.example:8080"; "" none */
    char user[PROXY_USER_MAX];         /* "" none; of a Windows domain: DOMAIN\user */
    char password[PROXY_PASSWORD_MAX]; /* to its place on the wire and its file, and nowhere else */
};

/* The address as a person types it, made whole in out (of PROXY_ADDRESS_MAX): "proxy.example:8080" is meant as http. Needs a host
   and a port; no path, no user. "" is none, and fine. */
MUST_USE bool proxy_address(const char *typed, char *out);
/* What is set in the folder of the records; an empty one when nothing is. */
MUST_USE enum err proxy_load(const char *data_dir, struct proxy *out, struct why *why);
/* Durable, mode 0600. ERR_INPUT when the address is none. */
MUST_USE enum err proxy_save(const char *data_dir, const struct proxy *p, struct why *why);
