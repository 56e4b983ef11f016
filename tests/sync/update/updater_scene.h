/* Where a test of the updater begins: a repository with one national edition, and a kiosk that has nothing yet. */
#pragma once

#include <string.h>

#include "platform/base/str.h"
#include "tests/sync/update/updater_rig.h"

struct scene {
    struct repo repo;
    struct rig rig;
    struct repo_role *national, *council;
};

static const struct repo_file first_files[] = {
    { "docs/a.md", "one" },
    { "docs/b.md", "two" },
    { "kinds.csv", "three" },
};
static const struct repo_edition first = {
    .edition = "1", .percent = 100, .files = first_files, .count = 3
};
static const struct repo_file second_files[] = {
    { "docs/a.md", "one" },
    { "docs/b.md", "two, changed" },
    { "kinds.csv", "three" },
};
static const struct repo_edition second = {
    .edition = "2", .percent = 100, .files = second_files, .count = 3
};
static const struct repo_file council_files[] = { { "docs/a.md", "ours" } };
static const struct repo_edition council_first = {
    .edition = "c1", .percent = 100, .files = council_files, .count = 1
};

static inline int scene_setup(void **state)
{
    static struct scene s;

    repo_open(&s.repo);
    s.national = repo_role(&s.repo, "national", "national", "", "");
    repo_edition(&s.repo, s.national, &first);
    repo_commit(&s.repo);
    rig_open(&s.rig, &s.repo);
    *state = &s;
    return 0;
}

static inline int scene_teardown(void **state)
{
    struct scene *s = *state;

    rig_done(&s->rig);
    repo_done(&s->repo);
    return 0;
}

static inline void publish(struct scene *s, const struct repo_edition *e)
{
    repo_edition(&s->repo, s->national, e);
    repo_commit(&s->repo);
}

static inline struct repo_role *council(struct scene *s, const char *constituency, const char *site)
{
    s->council = repo_role(&s->repo, "employers/example", site[0] != '\0' ? "school" : "authority",
                           constituency, site);
    repo_edition(&s->repo, s->council, &council_first);
    repo_commit(&s->repo);
    return s->council;
}

static inline void assert_fault(struct scene *s, enum updater_fault expected)
{
    const enum updater_fault fault = rig_run(&s->rig);

    if (fault != expected)
        fail_msg("%s, not %s: %s", updater_fault_name(fault), updater_fault_name(expected),
                 s->rig.why.text);
}
