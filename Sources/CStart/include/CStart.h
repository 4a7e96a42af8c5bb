#pragma once

/// How many arguments this process was started with, the program's name included; 0 when it was given none at all.
int cstart_argument_count(void);

/// The argument at this place, as bytes. glibc hands the array to functions of `.init_array`; what a program can look
/// up later (/proc/self/cmdline, or the memory in front of `environ`) is missing in a chroot and wrong as soon as a
/// preloaded library has moved the environment.
const char *_Nonnull cstart_argument(int index);

/// Has the process end with one message and status 12 when a file that is mapped into memory was cut short: SQLite maps the
/// index of its log, and touching what is gone is a signal, SIGBUS, that no error can tell of.
void cstart_tell_of_lost_mapping(void);
