/* The part of `canny-pack new` that stands in a file of its own. */
#pragma once

int pack_new_repository(int count, char **args);
