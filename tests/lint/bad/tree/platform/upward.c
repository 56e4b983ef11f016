#include <SDL2/SDL.h>
#include <zbar.h> /* WANT */

#include "app/app.h"      /* WANT */
#include "sync/log/hlc.h" /* WANT */
