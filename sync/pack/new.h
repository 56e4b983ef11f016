/* The parts of `canny-pack new` that stand in files of their own. */
#pragma once

int pack_new_repository(int count, char **args);
int pack_new_from(int count, char **args);
