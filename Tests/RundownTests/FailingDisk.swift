import FoundationEssentials
import Glibc

/// A library that is loaded before the others into a real command, and has one operation on one of its files fail. Needs
/// a C compiler.
enum FailingDisk {
  static let canBeBuilt = access("/usr/bin/cc", X_OK) == 0

  /// Fails on files whose name ends as `FAIL_FILE` says, from the how manieth `FAIL_CALL` (sync or write) on `FAIL_FROM`
  /// says, with the error number `FAIL_ERROR`.
  private static let source = """
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <unistd.h>
    static int fails(const char *call, int descriptor) {
      static int count;
      char link[64], path[4096];
      const char *file = getenv("FAIL_FILE"), *which = getenv("FAIL_CALL");
      if (!file || !which || strcmp(which, call)) return 0;
      snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
      ssize_t length = readlink(link, path, sizeof path - 1);
      if (length < (ssize_t)strlen(file) || strncmp(path + length - strlen(file), file, strlen(file))) return 0;
      if (__atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST) < atoi(getenv("FAIL_FROM"))) return 0;
      errno = atoi(getenv("FAIL_ERROR"));
      return 1;
    }
    int fdatasync(int descriptor) {
      if (fails("sync", descriptor)) return -1;
      return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(descriptor);
    }
    int fsync(int descriptor) {
      if (fails("sync", descriptor)) return -1;
      return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(descriptor);
    }
    static int open_or_fail(const char *name, const char *path, int flags, int mode) {
      const char *file = getenv("FAIL_FILE"), *which = getenv("FAIL_CALL");
      const size_t length = strlen(path);
      if (file && which && !strcmp(which, "open") && length >= strlen(file) && !strcmp(path + length - strlen(file), file)) {
        errno = atoi(getenv("FAIL_ERROR"));
        return -1;
      }
      return ((int (*)(const char *, int, ...))dlsym(RTLD_NEXT, name))(path, flags, mode);
    }
    #define OPEN(name) int name(const char *path, int flags, ...) { \\
      va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list); \\
      return open_or_fail(#name, path, flags, mode); }
    OPEN(open)
    OPEN(open64)
    ssize_t pwrite64(int descriptor, const void *bytes, size_t count, off64_t offset) {
      if (fails("write", descriptor)) return -1;
      return ((ssize_t (*)(int, const void *, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64"))(descriptor, bytes, count, offset);
    }
    """

  /// Builds the library in a folder.
  /// - Returns: whether that went well.
  static func build(in folder: Folder) async throws -> Command.Ended {
    try folder.write("disk.c", source)
    return try await Command.shell("exec /usr/bin/cc -shared -fPIC -o disk.so disk.c -ldl", in: folder)
  }

  /// The variables by which a command gets it.
  static func environment(_ folder: Folder, failing call: String, of file: String, error: Int32, from count: Int)
    -> [String: String]
  {
    [
      "LD_PRELOAD": "\(folder.path)/disk.so", "FAIL_CALL": call, "FAIL_FILE": file, "FAIL_ERROR": "\(error)",
      "FAIL_FROM": "\(count)",
    ]
  }
}
