#include "sync/client/epoch.h"

#include "sync/client/state.h"
#include "sync/log/files.h"

enum err epoch_forget_acked(struct db *db, struct why *why)
{
    enum err rc = state_set_i64(db, "acked", 0, why);

    if (rc == ERR_OK)
        rc = state_set(db, "acked.head", "", why);
    if (rc == ERR_OK)
        rc = state_set(db, "acked.signature", "", why);
    return rc;
}

enum err epoch_reread(struct db *db, struct why *why)
{
    enum err rc = state_set_i64(db, "cursor", 0, why);

    return rc == ERR_OK ? state_set(db, "read", "", why) : rc;
}

enum err epoch_begin(struct db *db, const char *epoch, struct why *why)
{
    enum err rc = db_begin(db, why);

    if (rc != ERR_OK)
        return rc;
    rc = state_set(db, "epoch", epoch, why);
    if (rc == ERR_OK)
        rc = epoch_reread(db, why);
    if (rc == ERR_OK)
        rc = epoch_forget_acked(db, why);
    if (rc == ERR_OK)
        rc = state_set_i64(db, "debt", 1, why);
    if (rc == ERR_OK)
        rc = files_unconfirm(db, why);
    return db_finish(db, rc, why);
}
