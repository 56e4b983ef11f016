/* A kiosk's updater in a folder of its own, with ports that remember what they were told. */
#pragma once

#include "sync/update/update_folder.h"
#include "sync/update/updater.h"
#include "tests/sync/update/content_repo.h"

enum { RIG_GETS_MAX = 512, RIG_TEXTS_MAX = 32 };

struct rig {
    char dir[64];
    struct repo *repo;
    struct updater_ports ports;
    struct updater_report report;
    struct why why;

    /* Of the next run. */
    const char *device, *constituency, *school;
    int64_t now_ms, seen;
    int cap;
    bool no_root, no_source;

    /* What the source was asked for, and how it answers. */
    char gets[RIG_GETS_MAX][160];
    size_t get_count;
    size_t bytes;
    size_t cut_after;   /* it fails from this question on; 0: never */
    const char *page;   /* it answers everything that begins so with a login page; NULL nothing */
    size_t yield_after; /* files; 0: never */

    /* What the ports hold. */
    struct updater_installed installed;
    char stops[UPDATER_ROLES_MAX][KEYS_ID_TEXT];
    char stops_role[UPDATER_ROLES_MAX][MANIFEST_ROLE];
    char stops_text[UPDATER_ROLES_MAX][256];
    size_t stops_count, stops_taken, stops_kept;
    size_t builds;
    const char *refuse;            /* a path that fails its checks */
    enum err build_rc;             /* what else the build fails with */
    char held[RIG_TEXTS_MAX][128]; /* files of the edition in use: hash */
    char held_text[RIG_TEXTS_MAX][64];
    size_t held_count;
    char texts[RIG_TEXTS_MAX][128]; /* role/path=bytes of the edition last built */
    size_t text_count;
};

void rig_open(struct rig *g, struct repo *r);
void rig_done(struct rig *g);
enum updater_fault rig_run(struct rig *g);
/* How often a name that begins so was asked for since the last run began. */
size_t rig_asked(const struct rig *g, const char *prefix);
bool rig_reads(const struct rig *g, const char *text); /* "national/docs/a.md=one" */
const struct updater_role *rig_role(const struct rig *g, const char *role);
