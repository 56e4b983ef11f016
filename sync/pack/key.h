/* The parts of `canny-pack key` that stand in files of their own. */
#pragma once

int pack_key_list(int count, char **args);
int pack_key_rotate(int count, char **args);
