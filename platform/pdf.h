/* Pages of PDF files as grey pictures, by poppler's pdftoppm in a process of its own: what somebody brings on a stick may be
   made to break whoever reads it. That process has little memory, little time, no file to write and nothing of ours open;
   whatever becomes of it, here a page comes or a sentence why not. Never blocks for longer than it is asked to. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum {
    PDF_PAGES_MAX = 200,
    PDF_SIDE_MAX = 2400,  /* px of a page's width or height */
    PDF_WORK_MS = 15000,  /* a page that takes longer is not waited for */
    PDF_MEMORY_MAX = 512, /* MiB of the process that draws */
};

/* One thing that is being asked of a file. */
struct pdf_work;

/* Begins to draw a page (from 1), `width` px wide. ERR_NOT_FOUND: poppler's programs are not installed. */
MUST_USE enum err pdf_draw(const char *path, int page, int width, struct pdf_work **out,
                           struct why *why);
/* Begins to count the pages. */
MUST_USE enum err pdf_count(const char *path, struct pdf_work **out, struct why *why);
/* Looks how far it is, waiting wait_ms at most. False: not done yet. True: *out_rc is ERR_OK, or ERR_INPUT (no PDF, damaged,
   locked by a password, or no such page), ERR_LIMIT (too large, or it takes too long). */
bool pdf_done(struct pdf_work *w, int wait_ms, enum err *out_rc, struct why *why);
/* What was asked for, after ERR_OK. The pixels are the work's, until pdf_end. */
int pdf_pages(const struct pdf_work *w);
const uint8_t *pdf_luma(const struct pdf_work *w, int *out_w, int *out_h);
/* At any time: what still runs is ended. Accepts NULL. */
void pdf_end(struct pdf_work *w);
