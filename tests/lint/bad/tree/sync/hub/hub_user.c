#include <microhttpd.h>

#include "app/domain/check.h"
#include "app/ui/ui.h" /* WANT */
