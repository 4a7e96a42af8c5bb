#define _GNU_SOURCE
#include "CSpawn.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

int cspawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

const int cspawn_new_session = POSIX_SPAWN_SETSID;

int cspawn_pidfd(pid_t process) {
#ifdef SYS_pidfd_open
    return (int)syscall(SYS_pidfd_open, process, 0);
#else
    return -1;
#endif
}

int cspawn_pipe(int *ends) { return pipe2(ends, O_CLOEXEC); }
