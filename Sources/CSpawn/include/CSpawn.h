#pragma once
#include <spawn.h>

/// Has the child close every descriptor from `first` upwards before it becomes its program, so that it holds no
/// socket and no file of ours open. glibc (2.34) declares this only to programs that ask for GNU extensions.
int cspawn_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first);
