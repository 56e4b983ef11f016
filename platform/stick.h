/* Where a stick is mounted. The kiosk's own rule (platform/pi) mounts FAT and exFAT alone, and so that nothing on them can
   run, become another user or be a device; here the mounts are held to the same once more, whoever made them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "platform/base/err.h"

/* The rule's folder: each stick has one of its own in it. */
#define STICK_MOUNTS "/run/media/canny"

enum { STICK_MOUNTS_MAX = 8, STICK_MOUNT_PATH = 256, STICK_MOUNTINFO_MAX = 256 * 1024 };

struct stick_mounts {
    char path[STICK_MOUNTS_MAX][STICK_MOUNT_PATH];
    size_t count;
};
/* Reads the text of /proc/self/mountinfo (proc(5)). A mount counts that lies directly in the folder `under`, is of vfat or
   exfat, shows the whole of its file system, and is noexec, nosuid and nodev. Pure. */
void stick_mounts_read(const char *text, size_t len, const char *under, struct stick_mounts *out);

/* Tells on its own thread whenever what is mounted changes, and once at the start. */
struct stick_watch;
typedef void (*stick_seen)(void *ctx, const struct stick_mounts *now);
MUST_USE enum err stick_watch_start(const char *under, stick_seen seen, void *ctx,
                                    struct stick_watch **out, struct why *why);
void stick_watch_stop(struct stick_watch *w); /* NULL is fine */
