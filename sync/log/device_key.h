/* The kiosk's own key in its data folder, and how it is changed while the kiosk runs (sync/PROTOCOL.md, «Forks»):

     device.key       the key
     device.key.next  the key that is to come: made, and perhaps known to the hub already
     pin.key          the first key of this card, once it has changed: the verifiers of PINs are made with it

   Which key counts is what log_meta says (evlog_self): it changes in one transaction with the lines that are written under the
   new one. The file is renamed after that; what was cut off is done at the next start. */
#pragma once

#include "platform/base/db.h"
#include "platform/base/err.h"
#include "platform/base/keys.h"

/* At the start, before anything else uses the folder: finishes a change that was cut off, and makes the first key. pins: the
   key of the verifiers. The errors of keys_load_or_make. */
MUST_USE enum err device_key_open(const char *dir, struct db *db, struct keypair *out,
                                  struct keypair *out_pins, struct why *why);
/* While the kiosk runs: the key that counts by now, wherever its file stands. ERR_NOT_FOUND: no file has it. */
MUST_USE enum err device_key_again(const char *dir, struct db *db, struct keypair *out,
                                   struct why *why);
/* The key that is to come; made once. */
MUST_USE enum err device_key_next(const char *dir, struct keypair *out, struct why *why);
/* The last step: once log_meta has it. Fine when it was done already. */
MUST_USE enum err device_key_finish(const char *dir, struct db *db, struct why *why);
