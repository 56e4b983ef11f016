/* A repository that lies in a folder: a stick's, or one that is handed to the kiosk at its start. */
#pragma once

#include "sync/update/update_get.h"

/* An update_get; ctx is the folder's path (const char *). Names that are not a repository's are ERR_INPUT. */
enum err update_folder_get(void *ctx, const char *name, size_t max, struct arena *a, uint8_t **out,
                           size_t *out_len, struct why *why);
