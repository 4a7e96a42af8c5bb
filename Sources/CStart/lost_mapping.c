#define _GNU_SOURCE
#include "CStart.h"
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

// `rundown` says so of a queue file that is replaced under it.
enum { status_store = 12 };

// Several threads may touch what is gone at the same moment: one tells and ends the process, the others wait for that.
static atomic_flag is_told = ATOMIC_FLAG_INIT;

static void tell(int number, siginfo_t *info, void *context) {
    (void)context;
    if (info->si_code != BUS_ADRERR) {
        signal(number, SIG_DFL);
        raise(number);
        return;
    }
    if (atomic_flag_test_and_set(&is_told)) {
        for (;;) pause();
    }
    static const char text[] =
        "error[replaced]: a file that this program has mapped into memory was cut short, or the disk has no room for it: "
        "the -shm beside the queue file; what was acknowledged is in the queue\n"
        " = help: look at the disk, leave the files beside the queue file alone, and start this again\n"
        " = more: rundown explain replaced\n";
    ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
    (void)written;
    _exit(status_store);
}

void cstart_tell_of_lost_mapping(void) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = tell;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}
