#define _GNU_SOURCE
#include "limits_check.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// Swift's runtime and libdispatch end the process by a trap, or wait for ever, when they get no descriptor, thread or
// memory for themselves, and no code of ours can catch that. So what they and the queue file need is tried before they
// start. Measured with the worker, the command that needs most, and rounded up.
enum {
    needed_descriptors = 24,
    needed_threads = 12,
    needed_mebibytes = 512,
    needed_stack_kibibytes = 512,
};

// `rundown` says so of errors that may be gone when somebody has made room.
enum { status_temporary = 5 };

static void refuse(const char *what, const char *option) {
    char text[512];
    int length = snprintf(text, sizeof text,
                          "error[limits]: %s\n = help: raise the limit (%s)\n = more: rundown explain limits\n", what,
                          option);
    ssize_t written = write(STDERR_FILENO, text, (size_t)length);
    (void)written;
    _exit(status_temporary);
}

static void check_descriptors(void) {
    int held[needed_descriptors];
    int count = 0;
    while (count < needed_descriptors && (held[count] = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)) >= 0) count++;
    for (int index = 0; index < count; index++) close(held[index]);
    if (count == needed_descriptors) return;
    char text[128];
    snprintf(text, sizeof text, "this process may open only %d more files; it needs %d", count, needed_descriptors);
    refuse(text, "ulimit -n");
}

static void check_stack(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
    if (limit.rlim_cur >= (rlim_t)needed_stack_kibibytes << 10) return;
    char text[128];
    snprintf(text, sizeof text, "threads of this process get a stack of only %lu KiB; they need %d",
             (unsigned long)(limit.rlim_cur >> 10), needed_stack_kibibytes);
    refuse(text, "ulimit -s");
}

static int is_limited(int resource) {
    struct rlimit limit;
    return getrlimit(resource, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
}

static void check_memory(void) {
    // Without a limit of its own the process is not asked: how much a machine promises is its owner's business.
    if (!is_limited(RLIMIT_AS) && !is_limited(RLIMIT_DATA)) return;
    size_t size = (size_t)needed_mebibytes << 20;
    void *place = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (place != MAP_FAILED) {
        munmap(place, size);
        return;
    }
    char text[128];
    snprintf(text, sizeof text, "this process may not have %d MiB of address space", needed_mebibytes);
    refuse(text, "ulimit -v, ulimit -d");
}

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void *wait_at_gate(void *nothing) {
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
    return nothing;
}

static void check_threads(void) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    pthread_attr_setstacksize(&attributes, 64 << 10);
    pthread_t threads[needed_threads];
    int count = 0;
    int problem = 0;
    pthread_mutex_lock(&gate);
    while (count < needed_threads) {
        problem = pthread_create(&threads[count], &attributes, wait_at_gate, NULL);
        if (problem != 0) break;
        count++;
    }
    pthread_mutex_unlock(&gate);
    for (int index = 0; index < count; index++) pthread_join(threads[index], NULL);
    pthread_attr_destroy(&attributes);
    if (count == needed_threads) return;
    char text[192];
    snprintf(text, sizeof text, "this process may start only %d more threads (%s); it needs %d", count,
             strerror(problem), needed_threads);
    refuse(text, "ulimit -u, or the number of tasks of its service or container");
}

void cstart_check_limits(void) {
    check_descriptors();
    check_stack();
    check_memory();
    check_threads();
}
