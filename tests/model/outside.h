/* What exchange.pml's kiosks and hub do not do themselves: disasters, the quiet time and what must hold after it, and the
   start. Included after rules.h. */

/* ---- disasters ---- */

/* What no store holds any more can come back from nowhere. */
static void disaster(void)
{
    now.disasters++;
    now.gone |= (short)((bit(now.made) - 1) & ~facts(now.store[0] | now.store[1] | now.held));
}

/* The hub as it was when `to` lines stood in its order, under a new id. */
static void restore_hub(int to)
{
    now.hub_restores--;
    work_idle(0);
    work_idle(1);
    now.held = 0;
    for (int i = 0; i < PLACES; i++) {
        if (i >= to)
            now.order[i] = 0;
        else if (now.order[i] > 0)
            now.held |= (short)bit(now.order[i] - 1);
    }
    now.next_no = (unsigned char)to;
    now.epoch++;
    forget_late();
    disaster();
}

static void copy_card(void)
{
    now.copied = 1;
    now.copy_store = now.store[0];
    now.copy_device = now.device[0];
    now.copy_acked = now.acked[0];
    now.copy_cursor = now.cursor[0];
    now.copy_epoch = now.known_epoch[0];
    now.copy_owes = now.owes[0];
}

static void restore_card(void)
{
    give_up(0);
    now.card_restores--;
    now.store[0] = now.copy_store;
    now.device[0] = now.copy_device;
    now.acked[0] = now.copy_acked;
    now.cursor[0] = now.copy_cursor;
    now.known_epoch[0] = now.copy_epoch;
    now.owes[0] = now.copy_owes;
    disaster();
}

/* ---- the quiet time, and what must hold after it ---- */

static void talk(int k)
{
    if (refused(k)) {
        now.wiped[k] = 1;
        now.store[k] = 0;
        return;
    }
    compare(k);
    for (int i = 0; i < PLACES && may_pull(k); i++)
        pull(k);
    for (int i = 0; i < 4 && would_send(k); i++) {
        int lines = gather(k);
        if (lines == 0)
            now.owes[k]--;
        else if (acceptable(k, lines, now.known_epoch[k])) {
            now.next_no = (unsigned char)place(lines & ~now.held, now.next_no);
            answer(k, now.held);
        }
    }
    for (int i = 0; i < PLACES && may_pull(k); i++)
        pull(k);
}

/* A fact stands in one line; in several only where each of two kiosks had to carry it. */
static bool twice(void)
{
    for (int i = 0; i < now.made; i++)
        for (int j = 0; j < i; j++)
            if (has(now.held, i) && has(now.held, j) && now.fact_of[i] == now.fact_of[j] &&
                !(has(now.carriers, i) && has(now.carriers, j) &&
                  now.device_of[i] != now.device_of[j]))
                return true;
    return false;
}

/* All such states are one, so that they cost nothing. */
static void forget(void)
{
#define FORGET(what) memset(&now.what, 0, sizeof(now.what))
    FORGET(records), FORGET(hub_restores), FORGET(card_restores), FORGET(revocations),
        FORGET(kills);
    FORGET(made), FORGET(next_device), FORGET(device_of), FORGET(seq_of), FORGET(prev_of),
        FORGET(fact_of);
    FORGET(since_revoked), FORGET(carriers), FORGET(revocation), FORGET(held), FORGET(order);
    FORGET(next_no), FORGET(epoch), FORGET(lock), FORGET(store), FORGET(device), FORGET(acked);
    FORGET(cursor), FORGET(known_epoch), FORGET(owes), FORGET(wiped), FORGET(copied);
    FORGET(copy_store), FORGET(copy_device), FORGET(copy_acked), FORGET(copy_cursor);
    FORGET(copy_epoch), FORGET(copy_owes), FORGET(sent), FORGET(old_sent), FORGET(sent_epoch);
    FORGET(old_epoch), FORGET(waits), FORGET(acked_facts), FORGET(gone), FORGET(disasters);
#undef FORGET
}

static void end_well(void)
{
    int wanted = facts(bit(now.made) - 1) & ~now.gone;
    int acked = now.disasters < 2 ? now.acked_facts : 0;

    /* What only a revoked kiosk holds goes with it. */
    if (((now.store[0] | now.held) & revoked_bit()) != 0) {
        wanted &= facts(now.store[0] | now.held);
        acked &= wanted;
    }
    for (int i = 0; i < FAIR; i++) {
        talk(0);
        talk(1);
    }
    for (int k = 0; k < KIOSKS; k++)
        if (!now.wiped[k] && now.store[k] != now.held)
            now.not_equal = 1;
    if ((wanted & ~facts(now.held)) != 0)
        now.line_lost = 1;
    if ((acked & ~facts(now.held)) != 0)
        now.acked_lost = 1;
    if (twice())
        now.recorded_twice = 1;
    forget();
    now.over = 1;
}

/* ---- the start ---- */

static unsigned char number(const char *name)
{
    const char *value = getenv(name);

    return (unsigned char)(value != NULL ? strtoul(value, NULL, 10) : 0);
}

static void begin(void)
{
    now.broken = number("BROKEN");
    now.records[0] = number("RECORDS_0");
    now.records[1] = number("RECORDS_1");
    now.hub_restores = number("HUB_RESTORES");
    now.card_restores = number("CARD_RESTORES");
    now.revocations = number("REVOCATIONS");
    now.kills = number("KILLS");
    now.two_step = number("TWO_STEP");
    now.reorders = number("REORDERS");
    now.next_device = 2;
    now.device[1] = 1;
    if (number("CLONE") == 0)
        return;
    /* Two cards with one key: the second is a copy of the first after a line. */
    record(0);
    now.store[1] = now.store[0];
    now.device[1] = now.device[0];
}
