/* The store's commands as a program of their own, for test_cmd_store and
   test_cmd_import. */

#include <string.h>

#include "app/cmd_import.h"
#include "app/cmd_store.h"

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "export") == 0)
        return cmd_export(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "verify") == 0)
        return cmd_verify(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "find") == 0)
        return cmd_find(argc - 2, argv + 2);
    if (argc > 1 && strcmp(argv[1], "import") == 0)
        return cmd_import(argc - 2, argv + 2);
    return 2;
}
