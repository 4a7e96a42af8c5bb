#pragma once
#include <spawn.h>
#include <sys/types.h>

/// Has the child close every descriptor from `first` upwards before it becomes its program, so that it holds no
/// socket and no file of ours open. glibc (2.34) declares this only to programs that ask for GNU extensions.
int cspawn_close_from(posix_spawn_file_actions_t *_Nonnull actions, int first);

/// The flag of `posix_spawnattr_setflags` that gives the child a session of its own (glibc 2.26, a GNU extension).
extern const int cspawn_new_session;

/// A descriptor that becomes readable when the process ends, closed on exec; -1 where there is none (before Linux 5.3).
int cspawn_pidfd(pid_t process);

/// A pipe whose ends are closed on exec from the start: another thread may start a program at any moment.
int cspawn_pipe(int *_Nonnull ends);
