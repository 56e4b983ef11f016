/* `canny decode [--names] PICTURE...`: what the camera's pipeline reads in picture files. One line
   a symbol on stdout, `SYMBOLOGY<TAB>payload`, with `file<TAB>` in front of it under --names (the
   name without its folders). The payload's bytes go out as they are in the code; only a newline is
   written as `\n`, so that one symbol stays one line. A picture with nothing in it prints nothing
   and is no failure. Exit status: 0 done; 1 a picture could not be read (one line on stderr each,
   the others are still done); 2 wrong usage. */
#pragma once

int cmd_decode(int argc, char **argv); /* argv[0] is "decode" */
