/* `canny decode` alone, for tests that need no kiosk around it. */
#include "app/cmd_decode.h"

int main(int argc, char **argv)
{
    return cmd_decode(argc, argv);
}
