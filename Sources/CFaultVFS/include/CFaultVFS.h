#pragma once
#include <sqlite3.h>
#include <stdint.h>

/// What SQLite asks of the system, as far as it can be made to fail.
enum cfault_operation {
    CFAULT_READ,
    CFAULT_WRITE,
    CFAULT_SYNC,
    CFAULT_TRUNCATE,
    CFAULT_OPEN,
    CFAULT_DELETE,
    CFAULT_SYNC_FOLDER,
    CFAULT_ALLOCATE,
};

/// Who decides which operation fails, and keeps the books of what is durable. Both are called on the thread that works
/// on the file, `before` and `after` for each operation but allocations.
struct cfault_hooks {
    void *_Nullable context;
    /// SQLITE_OK, or the error with which the operation ends without being done. Of a write that fails the first half is
    /// written, unless the error is SQLITE_ABORT.
    int (*_Nonnull before)(void *_Nullable context, int operation, const char *_Nonnull path);
    /// The operation was done. `size` is the number of bytes written, or the new size of a truncated file.
    void (*_Nonnull after)(void *_Nullable context, int operation, const char *_Nonnull path, int64_t offset,
                           int64_t size, const void *_Nullable data);
};

/// Registers a VFS of this name over the system's, as the default of this process, and has the system's ask the hooks
/// before it syncs a folder. Once per process, before any connection is opened.
int cfault_register(const char *_Nonnull name, struct cfault_hooks hooks);

/// Puts an allocator that can fail in front of the library's own. Before the library is used.
int cfault_register_allocator(void);

/// From now on the `nth` allocation fails, and when `forever` all after it; 0 for none. The count begins anew.
void cfault_fail_allocation(int64_t nth, int forever);

/// Holds allocations free of faults, and uncounted, until it is called with 0.
void cfault_suspend_allocations(int yes);

/// How many allocations were asked for since the count began, and how many of them failed.
int64_t cfault_allocations(void);
int64_t cfault_failed_allocations(void);

/// A number that is the same for two databases only if they hold the same rows, over every row of every table; `nameless`
/// leaves out the name that no two stores share.
int cfault_digest(sqlite3 *_Nonnull connection, uint64_t *_Nonnull whole, uint64_t *_Nonnull nameless);

/// Whether closing the connection leaves the log as it is.
int cfault_keep_log(sqlite3 *_Nonnull connection);
