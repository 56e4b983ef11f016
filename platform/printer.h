/* The printers that the machine knows (CUPS, by its commands lpstat and lp: a kiosk without them has none). Thin. */
#pragma once

#include <stddef.h>

#include "platform/base/arena.h"
#include "platform/base/err.h"

enum { PRINTER_MAX = 20, PRINTER_NAME_MAX = 127 /* bytes */ };

/* Their names, in the order that CUPS tells them; none is no error. At most PRINTER_MAX. */
MUST_USE enum err printer_list(struct arena *a, const char *const **out, size_t *out_count,
                               struct why *why);
/* Hands a PDF file to the printer's queue. media: the page as CUPS calls it ("A6", "Custom.80x212mm"); "" leaves it to the
   queue. That is all it tells: whether paper came out, nobody here can see. ERR_NOT_FOUND:
   no lp command; ERR_IO: it refused. */
MUST_USE enum err printer_send(const char *printer, const char *title, const char *media,
                               const char *file, struct why *why);
