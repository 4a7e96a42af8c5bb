#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

// Once a second libdispatch opens /proc/…/stat of each of its threads, to count those that run, and ends the process by a
// trap where that fails: without /proc, or when no descriptor is left. What it opens and cannot read it passes over. So
// it gets a number that is no descriptor in place of the -1. Only programs that link this file do so; all other files are
// opened by who would open them otherwise.

typedef int (*open_call)(const char *, int, ...);
static open_call next_open;

// Early: a child of fork may open files, and must not wait for the loader's lock.
__attribute__((constructor)) static void find_next_open(void) {
    // By way of memory, as ISO C knows no conversion from an object's address to a function's.
    void *found = dlsym(RTLD_NEXT, "open");
    memcpy(&next_open, &found, sizeof next_open);
}

static int is_thread_state(const char *path, int flags) {
    if (flags != (O_RDONLY | O_NONBLOCK) || strncmp(path, "/proc/", 6) != 0) return 0;
    size_t length = strlen(path);
    return length > 5 && strcmp(path + length - 5, "/stat") == 0;
}

int open(const char *path, int flags, ...) {
    mode_t mode = 0;
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) {
        va_list rest;
        va_start(rest, flags);
        mode = va_arg(rest, mode_t);
        va_end(rest);
    }
    int descriptor = next_open ? next_open(path, flags, mode) : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
    return descriptor < 0 && is_thread_state(path, flags) ? -2 : descriptor;
}
