#define _GNU_SOURCE
#include "CStart.h"
#include "limits_check.h"
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

static int argument_count;
static char **arguments;

int cstart_argument_count(void) {
    // Since Linux 5.18 an empty array reaches a program as one empty string.
    return argument_count == 1 && arguments[0][0] == 0 ? 0 : argument_count;
}

const char *cstart_argument(int index) { return arguments[index]; }

// A program started without one of the three standard streams would open its next file in the stream's place, and
// messages for people would go into the queue file. Nothing can be read from or written to what takes the place.
static void hold_standard_streams(void) {
    for (int descriptor = 0; descriptor < 3; descriptor++) {
        if (fcntl(descriptor, F_GETFD) >= 0 || errno != EBADF) continue;
        int held = open("/", O_PATH | O_CLOEXEC);
        if (held >= 0 && held != descriptor) {
            dup3(held, descriptor, O_CLOEXEC);
            close(held);
        }
    }
}

static void start(int count, char **values, char **environment) {
    (void)environment;
    argument_count = count;
    arguments = values;
    hold_standard_streams();
    cstart_check_limits();
}

__attribute__((section(".init_array"), used)) static void (*const at_start)(int, char **, char **) = start;
