#include "app/domain/form.h"

#include <SDL.h>              /* WANT: SDL lives in the platform */
#include <libxml/xpath.h>
#include <stdio.h>

#include "app/store/store.h"  /* WANT: the rules of the trade know no store */
#include "platform/base/fs.h" /* WANT: nor any files */
#include "platform/base/str.h"
