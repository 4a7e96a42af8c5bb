#pragma once
#include <stdint.h>

/// What the file system says of a file. `born` is its time of creation in nanoseconds; 0 where none is kept.
struct cqueuefile_status {
    uint64_t node;
    int64_t born;
    int64_t size;
    uint32_t links;
    uint32_t owner;
    uint32_t group;
    uint32_t mode;
    /// Whether it is mounted by itself, as a container's file of the host may be; 0 where the system does not tell.
    uint32_t is_mount;
};

/// Looks at what lies at a path, links followed; or at what a descriptor is of, when the path is empty. glibc declares
/// statx only to programs that ask for GNU extensions.
/// Returns 0 or the system's error number.
int cqueuefile_look(int descriptor, const char *_Nonnull path, struct cqueuefile_status *_Nonnull out);

/// Gives a regular file at a path a group and a mode, and with an owner other than -1 that owner too. Links are not
/// followed, and a file with several names is left alone: whoever may write the folder could lead it anywhere. No
/// descriptor is opened for reading or writing, so nothing that this process has locked is let go.
/// Returns 0 or the system's error number: EPERM for a file of somebody else, ELOOP for what is no file of one name.
int cqueuefile_give(const char *_Nonnull path, uint32_t owner, uint32_t group, uint32_t mode);

/// Makes an empty file of mode 0600 without opening it. Returns 0 or the system's error number.
int cqueuefile_make(const char *_Nonnull path);

/// Takes (1) or drops (0) a shared lock of the open file description, which is independent of flock and of what other
/// descriptors of this process do. Returns 0, or -1 and errno.
int cqueuefile_share(int descriptor, int yes);

/// Whether another open file description holds such a lock.
int cqueuefile_is_shared_by_others(int descriptor);
