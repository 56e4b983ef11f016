/* The five challenges to technicians: a person's own ticks, kept on this kiosk, never reset. The pages that each is about
   tick the same rows. */
#include "app/screens/board.h"
#include "app/store/mine.h"
#include "platform/base/str.h"

static const struct challenge {
    const char *key, *title, *words;
    bool part; /* a step on the way of the one before it */
} challenges[] = {
    { CHALLENGE_REP, "I know my STAC representative", "Who it is, and how to reach them", false },
    { "techne-aware", "I know what Techné is", "The network of school technicians", false },
    { CHALLENGE_TECHNE, "I have joined Techné", "", true },
    { "techne-posted", "I have posted there", "", true },
    { CHALLENGE_PASS_ON, "I passed The School STEM Technician on",
      "To a colleague, or to another school", false },
    { CHALLENGE_WRITE, "I wrote for The School STEM Technician",
      "A day, a resource, what I learned", false },
    { CHALLENGE_TV, "I follow SSERC TV", "And said what I would like to see there", false },
};

struct challenges_state {
    uint64_t seen;
    bool done[COUNT_OF(challenges)];
};

static void challenges_read(struct app *app, struct challenges_state *s)
{
    struct arena_mark mark = arena_mark(&app->scratch);
    for (size_t i = 0; i < COUNT_OF(challenges); i++) {
        struct mine_row row;
        bool found = false;
        s->done[i] = board_private(app) &&
                     mine_get(&app->store, app->session.person, MINE_CHALLENGE, challenges[i].key,
                              &app->scratch, &row, &found, NULL) == ERR_OK &&
                     found;
    }
    arena_rewind(&app->scratch, mark);
}

static void challenges_tick(struct app *app, struct challenges_state *s, size_t i)
{
    const struct mine_row row = { .kind = MINE_CHALLENGE, .key = challenges[i].key };
    struct why why = { 0 };
    enum err rc = s->done[i] ? mine_drop(&app->store, app->session.person, MINE_CHALLENGE,
                                         challenges[i].key, &why)
                             : mine_put(&app->store, app->now, app->session.person, &row, &why);
    if (rc != ERR_OK)
        app_toast(app, TONE_BAD, "Not kept: %s", why.text);
    app_changed(app);
}

static void challenges_frame(struct app *app, void *state)
{
    struct challenges_state *s = state;
    struct ui *ui = app->ui;
    if (screen_stale(app, &s->seen))
        challenges_read(app, s);
    struct rect page = page_begin(app, "Five challenges");
    if (page_lacks_content(app, page))
        return;
    if (!board_private(app) &&
        parts_foot(app, &page, "pin", "Sign in with my PIN to tick", ICON_LOCK, NULL))
        board_ask_pin(app, "Five challenges");
    struct ui_scroll list = ui_scroll_begin(ui, page, "list");
    parts_words(app, &list, "words",
                "Set to every school technician by SSERC. What you tick is your own word, for you "
                "alone, and stays ticked.",
                TONE_MUTED);
    for (size_t i = 0; i < COUNT_OF(challenges); i++) {
        struct ui_tile tile = { .id = challenges[i].key,
                                .title = challenges[i].title,
                                .words =
                                    challenges[i].words[0] == '\0' ? NULL : challenges[i].words,
                                .icon = s->done[i] ? ICON_CHECK : ICON_PERSON,
                                .badge = s->done[i] ? "Done" : NULL,
                                .badge_tone = TONE_GOOD };
        if (!parts_row(app, &list, &tile))
            continue;
        if (board_private(app))
            challenges_tick(app, s, i);
        else
            board_ask_pin(app, "Five challenges");
    }
    ui_scroll_end(ui, &list);
}

const struct screen screen_challenges = {
    .id = "challenges",
    .state_size = sizeof(struct challenges_state),
    .frame = challenges_frame,
};
