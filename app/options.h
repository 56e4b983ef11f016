/* The kiosk's command line (DESIGN section 6). */
#pragma once

#include <stdbool.h>

#include "platform/base/err.h"

struct options {
    const char *data;    /* folder of the records; "" until chosen by options_read */
    const char *hub;     /* hub's address, NULL none */
    const char *join;    /* one-time code to join the hub with, NULL none */
    const char *content; /* NULL: the installed one, or what the data folder holds */
    const char *camera;  /* source */
    int camera_w, camera_h;
    int w, h;          /* px; 0: the display's own */
    double w_mm, h_mm; /* 0: found out */
    bool fullscreen, large;
    const char *now; /* NULL: the machine's clock */
    /* What the machine's clock claims, unvouched for; NULL: what it says. */
    const char *machine_now;
    const char *drive; /* script, NULL none */
    const char *shots; /* folder for pictures, NULL: the current one */
    bool help, version;
    char home_data[512]; /* where `data` points by default */
};

/* ERR_INPUT: wrong usage; the sentence names the option. Strings are borrowed from argv. */
MUST_USE enum err options_read(int argc, char **argv, struct options *out, struct why *why);
extern const char options_help[];
