#pragma once

/// How many arguments this process was started with, the program's name included; 0 when it was given none at all.
int cstart_argument_count(void);

/// The argument at this place, as bytes. glibc hands the array to functions of `.init_array`; what a program can look
/// up later (/proc/self/cmdline, or the memory in front of `environ`) is missing in a chroot and wrong as soon as a
/// preloaded library has moved the environment.
const char *_Nonnull cstart_argument(int index);
