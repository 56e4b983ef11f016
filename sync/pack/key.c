#include <stdio.h>
#include <string.h>

#include "platform/base/attr.h"
#include "platform/base/str.h"
#include "sync/pack/args.h"
#include "sync/pack/key.h"
#include "sync/pack/keyfile.h"
#include "sync/pack/pack.h"

const char pack_key_help[] =
    "usage: canny-pack key make FILE [--name WHO] [--pass-file FILE]\n"
    "       canny-pack key list FILE|REPOSITORY...\n"
    "       canny-pack key rotate REPOSITORY --role ROLE [--remove KEYID]... [--add FILE.pub]...\n"
    "                      [--threshold N] [--constituency CODE] [--kind KIND] [--site NAME] "
    "[--drop]\n"
    "                      [--expires DAYS] [--at TIME]\n"
    "\n"
    "make    a new Ed25519 key: FILE holds the secret half, boxed under a pass phrase that is "
    "asked for\n"
    "        twice (or is the first line of --pass-file). FILE.pub holds the public half, for "
    "others.\n"
    "        Keep FILE on a stick in a drawer, and a copy in another building. Nobody can make up "
    "a lost\n"
    "        pass phrase; a lost key is taken out with rotate.\n"
    "list    who is who: the id and the name of each key, and in a repository what it signs for.\n"
    "rotate  stages metadata that takes keys out of a role and puts others in, for signing: root "
    "for\n"
    "        root, targets, snapshot, timestamp and online (the last two at once); targets for "
    "national\n"
    "        and employers/ID. A role that is not there yet is added, with the constituency that "
    "its\n"
    "        content is for (--kind authority, sector or school; of a school --site, its name).\n"
    "        With neither --remove nor --add it is signed once more before it expires. --drop "
    "takes an\n"
    "        employer's role out altogether: its key was stolen, and there is no other yet.\n"
    "\n"
    "  canny-pack key make keys/morag --name \"Mòrag O'Hara\"\n"
    "  canny-pack key list keys/*.pub content-repository\n"
    "  canny-pack key rotate content-repository --role employers/example-council \\\n"
    "      --remove 5b1c88d2 --add keys/ailsa.pub       a council's key was lost: targets alone "
    "revoke it\n"
    "  canny-pack key rotate content-repository --role employers/example-school --add "
    "keys/head.pub \\\n"
    "      --kind school --constituency S12000036 --site \"Example School\"\n"
    "\n"
    "Then `canny-pack sign` and `canny-pack publish`. Kiosks follow by themselves.\n";

enum { KEY_ARENA = 1024 * 1024 };

static int key_fail(const struct why *why)
{
    (void)fprintf(stderr, "canny-pack key: %s\n", why->text);
    return 1;
}

static int key_make(int count, char **args)
{
    const char *name = NULL, *pass_file = NULL;
    const struct args_option options[] = {
        { "--name", .value = &name },
        { "--pass-file", .value = &pass_file },
    };
    struct args_list words = { 0 };
    struct keyfile made;
    struct pass pass;
    struct arena a;
    struct why why;
    enum err rc;

    if (!args_read("key", count, args, options, COUNT_OF(options), &words))
        return 2;
    if (words.count != 1)
        return args_wrong("key", "make needs one FILE for the new key");
    rc = pass_read(pass_file, words.rows[0], true, &pass, &why);
    if (rc != ERR_OK)
        return key_fail(&why);
    arena_init(&a, KEY_ARENA);
    rc = keyfile_make(&a, words.rows[0], name != NULL ? name : "", &pass, &made, &why);
    pass_done(&pass);
    if (rc == ERR_OK)
        (void)printf("%s  %s\nsecret half: %s (keep it off the network, and a copy elsewhere)\n"
                     "public half: %s.pub (give it to whoever keeps the repository)\n",
                     made.key.id, made.name, words.rows[0], words.rows[0]);
    arena_done(&a);
    return rc == ERR_OK ? 0 : key_fail(&why);
}

int pack_key(int count, char **args)
{
    if (count > 0 && str_eq(args[0], "make"))
        return key_make(count - 1, args + 1);
    if (count > 0 && str_eq(args[0], "list"))
        return pack_key_list(count - 1, args + 1);
    if (count > 0 && str_eq(args[0], "rotate"))
        return pack_key_rotate(count - 1, args + 1);
    return args_wrong("key", "needs make, list or rotate");
}
