#define _GNU_SOURCE
#include "CQueueFile.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int cqueuefile_look(int descriptor, const char *path, struct cqueuefile_status *out) {
    struct statx s = {0};
    if (statx(descriptor, path, *path ? 0 : AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &s) == 0) {
        const int64_t born = s.stx_mask & STATX_BTIME ? s.stx_btime.tv_sec * 1000000000LL + s.stx_btime.tv_nsec : 0;
        *out = (struct cqueuefile_status){s.stx_ino, born,      (int64_t)s.stx_size, s.stx_nlink,
                                          s.stx_uid, s.stx_gid, s.stx_mode,
                                          (s.stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0};
        return 0;
    }
    // An old kernel, or one that is told not to know the call.
    if (errno != ENOSYS && errno != EPERM) return errno;
    struct stat old;
    if ((*path ? fstatat(descriptor, path, &old, 0) : fstat(descriptor, &old)) != 0) return errno;
    *out = (struct cqueuefile_status){old.st_ino, 0, old.st_size, (uint32_t)old.st_nlink, old.st_uid, old.st_gid,
                                      old.st_mode, 0};
    return 0;
}

int cqueuefile_give(const char *path, uint32_t owner, uint32_t group, uint32_t mode) {
    // Closing such a descriptor drops no locks; it is changed by the name that /proc has for it.
    const int file = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0) return errno;
    char name[32];
    snprintf(name, sizeof name, "/proc/self/fd/%d", file);
    struct stat s;
    int number = 0;
    if (fstat(file, &s) != 0) number = errno;
    else if (!S_ISREG(s.st_mode) || s.st_nlink != 1) number = ELOOP;
    else if (geteuid() != 0 && s.st_uid != geteuid()) number = EPERM;
    // Open to no other group at any moment.
    else if (s.st_gid != group && chmod(name, 0600) != 0) number = errno;
    else if ((s.st_gid != group || owner != (uint32_t)-1) && fchownat(file, "", owner, group, AT_EMPTY_PATH) != 0) number = errno;
    else if (chmod(name, mode) != 0) number = errno;
    close(file);
    return number;
}

int cqueuefile_make(const char *path) { return mknod(path, S_IFREG | 0600, 0) == 0 ? 0 : errno; }

int cqueuefile_share(int descriptor, int yes) {
    struct flock lock = {.l_type = (short)(yes ? F_RDLCK : F_UNLCK), .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(descriptor, F_OFD_SETLK, &lock);
}

int cqueuefile_is_shared_by_others(int descriptor) {
    struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1};
    return fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}
