/* What each step of exchange.pml does. Included into spin's checker: `now` is the state, sets of lines have a bit for each
   line. The rules are those of DESIGN's log and sync; the numbered ones can be left out, to see that they are needed. */

enum {
    LATE_LOCK = 1, /* numbers are given out before the site's lock is held */
    NO_EPOCH, /* requests name no epoch, and a restored hub is noticed by nothing but its shorter order */
    DEBT_LOST,    /* what is owed to a restored hub is remembered in memory only */
    OWN_GIVEN,    /* a restored hub is given back each kiosk's own lines only */
    FORK_DROPPED, /* a line for which the hub holds another is thrown away */
    OWN_CARRIED,  /* of those only one's own are carried, another device's thrown away */
    FORK_STANDS, /* such a line is neither carried nor thrown away: the bundle is refused, for ever */
    CARRY_ALL, /* a fork carries all that one's own card thinks is not acknowledged, not what differs */
    ACK_EARLY,    /* answered before the commit */
    REVOKED_LAST, /* the revocation is given back after the rest */
};

#define COUNT(array) (int)(sizeof(array) / sizeof((array)[0]))
#define KIOSKS COUNT(now.store)
#define LINES COUNT(now.fact_of)
#define PLACES COUNT(now.order)
#define WORKERS COUNT(now.busy)

enum { VOICE = 99, BUNDLE = 2, FAIR = 3 };

static int bit(int line)
{
    return 1 << line;
}

static bool has(int set, int line)
{
    return (set & bit(line)) != 0;
}

/* The last of the device's lines below which the set misses none; -1: none. */
static int head(int dev, int set)
{
    int last = -1;

    for (int seq = 1;; seq++) {
        int at = -1;
        for (int i = 0; i < now.made; i++)
            if (has(set, i) && now.device_of[i] == dev && now.seq_of[i] == seq)
                at = i;
        if (at < 0)
            return last;
        last = at;
    }
}

static int head_seq(int dev, int set)
{
    int last = head(dev, set);

    return last < 0 ? 0 : now.seq_of[last];
}

static int facts(int set)
{
    int all = 0;

    for (int i = 0; i < now.made; i++)
        if (has(set, i))
            all |= bit(now.fact_of[i]);
    return all;
}

/* A new line behind the device's last one in the set; a fact of -1: its own. Its number, or -1. */
static int make(int dev, int set, int fact)
{
    int last = head(dev, set);
    int at = now.made;

    if (at == LINES) {
        now.too_small = 1;
        return -1;
    }
    now.device_of[at] = (unsigned char)dev;
    now.seq_of[at] = (unsigned char)(last < 0 ? 1 : now.seq_of[last] + 1);
    now.prev_of[at] = (unsigned char)(last + 1);
    now.fact_of[at] = (unsigned char)(fact < 0 ? at : fact);
    now.made++;
    return at;
}

/* Another line in its place, or a chain that does not fit. */
static bool clashes(int line, int set)
{
    for (int i = 0; i < now.made; i++) {
        if (i == line || !has(set, i) || now.device_of[i] != now.device_of[line])
            continue;
        if (now.seq_of[i] == now.seq_of[line] ||
            (now.seq_of[i] + 1 == now.seq_of[line] && now.prev_of[line] != i + 1) ||
            (now.seq_of[i] == now.seq_of[line] + 1 && now.prev_of[i] != line + 1))
            return true;
    }
    return false;
}

static int revoked_bit(void)
{
    return now.revocation > 0 ? bit(now.revocation - 1) : 0;
}

/* The hub refuses a revoked kiosk whatever it asks. */
static bool refused(int k)
{
    return k == 1 && (now.held & revoked_bit()) != 0;
}

/* What stands below a kiosk's place in the hub's order is on its card. */
static void look_for_skips(void)
{
    for (int k = 0; k < KIOSKS; k++)
        for (int i = 0; i < now.cursor[k] && i < now.next_no; i++)
            if (now.known_epoch[k] == now.epoch && !now.wiped[k] && now.order[i] > 0 &&
                !has(now.store[k], now.order[i] - 1))
                now.reader_skipped = 1;
}

/* ---- a kiosk by itself ---- */

static void record(int k)
{
    bool knows = (now.store[k] & revoked_bit()) != 0;
    int line = make(now.device[k], now.store[k], -1);

    if (line < 0)
        return;
    now.records[k]--;
    now.store[k] |= (short)bit(line);
    if (knows)
        now.since_revoked |= (short)bit(line);
}

static void give_up(int k)
{
    now.waits[k] = 0;
    for (int w = 0; w < WORKERS; w++)
        if (now.busy[w] && now.whose[w] == k)
            now.answers[w] = 0;
}

/* A kiosk that is killed forgets what it waits for, and nothing that is on its card. */
static void kill_kiosk(int k)
{
    give_up(k);
    now.kills--;
    if (now.broken == DEBT_LOST)
        now.owes[k] = 0;
}

/* ---- reading ---- */

static bool may_pull(int k)
{
    return (now.known_epoch[k] == now.epoch || now.broken == NO_EPOCH) &&
           now.cursor[k] < now.next_no;
}

/* The hub holds `theirs` where this card holds another line: that one and what is chained behind it leave the chain, and
   stand whole inside new lines. Where they were this kiosk's own, it writes under a new key from here on. */
static void heal(int k, int theirs)
{
    int dev = now.device_of[theirs];
    bool own = dev == now.device[k];
    int from = now.seq_of[theirs];

    if (now.broken == FORK_STANDS)
        return;
    if (now.broken == CARRY_ALL && own && now.acked[k] + 1 < from)
        from = now.acked[k] + 1;
    if (own) {
        now.device[k] = now.next_device++;
        now.acked[k] = 0;
    }
    for (int i = 0, known = now.made; i < known; i++) {
        int line = -1;
        if (!has(now.store[k], i) || now.device_of[i] != dev || now.seq_of[i] < from)
            continue;
        now.store[k] &= (short)~bit(i);
        if (now.broken != FORK_DROPPED && (own || now.broken != OWN_CARRIED))
            line = make(now.device[k], now.store[k], now.fact_of[i]);
        if (line >= 0) {
            now.store[k] |= (short)bit(line);
            now.carriers |= (short)bit(line);
        }
    }
}

static bool take(int k, int line)
{
    if (clashes(line, now.store[k]))
        heal(k, line);
    if (clashes(line, now.store[k]))
        return false;
    if (k == 1 && has(now.since_revoked, line))
        now.read_by_revoked = 1;
    now.store[k] |= (short)bit(line);
    return true;
}

/* GET after=cursor, and the answer's lines on the card together with the cursor. */
static void pull(int k)
{
    int at = now.cursor[k];

    for (int count = 0; at < now.next_no && count < BUNDLE; at++) {
        if (now.order[at] == 0)
            continue;
        if (!take(k, now.order[at] - 1))
            break;
        now.cursor[k] = (unsigned char)(at + 1);
        count++;
    }
    look_for_skips();
}

/* POST /v1/status: the hub's epoch, and its head of our lines held against ours. */
static void compare(int k)
{
    if (now.known_epoch[k] != now.epoch) {
        now.known_epoch[k] = now.epoch;
        now.acked[k] = 0;
        if (now.broken == NO_EPOCH) {
            if (now.next_no < now.cursor[k])
                now.cursor[k] = 0;
            return;
        }
        now.cursor[k] = 0;
        now.owes[k] = 2;
        return;
    }
    int last = head(now.device[k], now.held);
    if (last < 0 || has(now.store[k], last))
        now.acked[k] = (unsigned char)(last < 0 ? 0 : now.seq_of[last]);
}

/* ---- giving ---- */

static int gather(int k)
{
    int revoked = now.store[k] & revoked_bit();
    bool first = now.owes[k] == 2;
    int own = 0;

    for (int i = 0; i < now.made; i++)
        if (has(now.store[k], i) && now.device_of[i] == now.device[k] &&
            now.seq_of[i] > now.acked[k])
            own |= bit(i);
    if (now.owes[k] == 0 || now.broken == OWN_GIVEN)
        return own;
    if (now.broken == REVOKED_LAST)
        return first ? now.store[k] & ~revoked : now.store[k];
    return first ? revoked : now.store[k];
}

static bool would_send(int k)
{
    return now.owes[k] > 0 || gather(k) != 0;
}

static void push(int k)
{
    int lines = gather(k);

    if (lines == 0) {
        now.owes[k] -= now.owes[k] > 0;
        return;
    }
    if (now.reorders) {
        now.old_sent[k] = now.sent[k];
        now.old_epoch[k] = now.sent_epoch[k];
    }
    now.sent[k] = (short)lines;
    now.sent_epoch[k] = now.known_epoch[k];
    now.waits[k] = 1;
}

/* The answer is here: the hub has the bundle, and says what it holds of us without a gap. */
static void answer(int k, int hub_holds)
{
    int last = head(now.device[k], hub_holds);

    now.waits[k] = 0;
    if (last >= 0 && has(now.store[k], last)) {
        now.acked[k] = now.seq_of[last];
        for (int i = 0; i < now.made; i++)
            if (has(now.store[k], i) && now.device_of[i] == now.device[k] &&
                now.seq_of[i] <= now.acked[k])
                now.acked_facts |= (short)bit(now.fact_of[i]);
    }
    if (now.owes[k] > 0)
        now.owes[k]--;
}

/* ---- the hub ---- */

/* What comes late and changes nothing, whatever happens yet, is as good as not on the way: lines that the hub has, and a
   push for another epoch. */
static void forget_late(void)
{
    if (now.broken == NO_EPOCH)
        return;
    for (int k = 0; k < KIOSKS; k++) {
        bool idle = (now.sent[k] & ~now.held) == 0 || now.sent_epoch[k] != now.epoch;
        if (idle && !now.waits[k])
            now.sent[k] = now.sent_epoch[k] = 0;
        if ((now.old_sent[k] & ~now.held) == 0 || now.old_epoch[k] != now.epoch)
            now.old_sent[k] = now.old_epoch[k] = 0;
    }
}

/* A bundle is taken whole or refused. */
static bool acceptable(int k, int lines, int for_epoch)
{
    if ((for_epoch != now.epoch && now.broken != NO_EPOCH) || refused(k))
        return false;
    for (int i = 0; i < now.made; i++)
        if (has(lines, i) && !has(now.held, i) && clashes(i, now.held))
            return false;
    return true;
}

static void work_idle(int w)
{
    now.busy[w] = now.answers[w] = now.whose[w] = now.base[w] = 0;
    now.fresh[w] = 0;
    now.lock = 0;
    forget_late();
}

static int place(int lines, int at)
{
    for (int i = 0; i < now.made; i++)
        if (has(lines, i) && at < PLACES)
            now.order[at++] = (unsigned char)(i + 1);
    now.held |= (short)lines;
    return at;
}

static void work_commit(int w)
{
    int k = now.whose[w];
    int end = place(now.fresh[w], now.base[w]);

    if (now.broken != LATE_LOCK)
        now.next_no = (unsigned char)end;
    if (now.answers[w] && now.waits[k])
        answer(k, now.held);
    work_idle(w);
    look_for_skips();
}

/* A push comes to the hub: the latest of the kiosk, or the one before. One that nobody waits for comes no third time. */
static void arrive(int w, int k, bool latest)
{
    int lines = latest ? now.sent[k] : now.old_sent[k];
    int for_epoch = latest ? now.sent_epoch[k] : now.old_epoch[k];
    bool waited = latest && now.waits[k];

    if (!waited && latest)
        now.sent[k] = now.sent_epoch[k] = 0;
    else if (!latest)
        now.old_sent[k] = now.old_epoch[k] = 0;
    if (!acceptable(k, lines, for_epoch)) {
        if (waited)
            now.waits[k] = 0;
        forget_late();
        return;
    }
    now.busy[w] = 1;
    now.answers[w] = waited;
    now.whose[w] = (unsigned char)k;
    now.fresh[w] = (short)(lines & ~now.held);
    now.base[w] = now.next_no;
    if (now.broken != LATE_LOCK) {
        now.lock = (unsigned char)(w + 1);
    } else {
        now.next_no += (unsigned char)__builtin_popcount((unsigned)now.fresh[w]);
        if (now.next_no > PLACES)
            now.too_small = 1;
    }
    if (now.broken == ACK_EARLY && now.answers[w]) {
        now.answers[w] = 0;
        answer(k, now.held | now.fresh[w]);
    }
    if (!now.two_step)
        work_commit(w);
}

static void revoke_second(void)
{
    int line = make(VOICE, 0, -1);

    if (line < 0)
        return;
    now.revocations--;
    now.revocation = (unsigned char)(line + 1);
    now.next_no = (unsigned char)place(bit(line), now.next_no);
}
