#include "CFaultVFS.h"
#include <errno.h>
#include <string.h>

// A VFS that hands everything on to the system's, and asks before it does.

static struct cfault_hooks hooks;
static sqlite3_vfs *real;

struct file {
    sqlite3_file base;
    const char *path;
    // The system's own file lies behind this struct.
};

static sqlite3_file *inner(sqlite3_file *file) { return (sqlite3_file *)((struct file *)file + 1); }
static const char *path_of(sqlite3_file *file) { return ((struct file *)file)->path; }

static int before(int operation, const char *path) {
    int result = hooks.before(hooks.context, operation, path);
    if (result != SQLITE_OK) errno = result == SQLITE_FULL ? ENOSPC : EIO;
    return result;
}

static void after(int operation, const char *path, int64_t offset, int64_t size, const void *data) {
    hooks.after(hooks.context, operation, path, offset, size, data);
}

static int file_close(sqlite3_file *file) { return inner(file)->pMethods->xClose(inner(file)); }

static int file_read(sqlite3_file *file, void *data, int size, sqlite3_int64 offset) {
    int result = before(CFAULT_READ, path_of(file));
    return result != SQLITE_OK ? result : inner(file)->pMethods->xRead(inner(file), data, size, offset);
}

static int file_write(sqlite3_file *file, const void *data, int size, sqlite3_int64 offset) {
    int fault = before(CFAULT_WRITE, path_of(file));
    // The process is gone, and writes nothing at all.
    if (fault == SQLITE_ABORT) return fault;
    int count = fault == SQLITE_OK ? size : size / 2;
    int result = inner(file)->pMethods->xWrite(inner(file), data, count, offset);
    if (result == SQLITE_OK && count > 0) after(CFAULT_WRITE, path_of(file), offset, count, data);
    return fault == SQLITE_OK ? result : fault;
}

static int file_truncate(sqlite3_file *file, sqlite3_int64 size) {
    int result = before(CFAULT_TRUNCATE, path_of(file));
    if (result != SQLITE_OK) return result;
    result = inner(file)->pMethods->xTruncate(inner(file), size);
    if (result == SQLITE_OK) after(CFAULT_TRUNCATE, path_of(file), 0, size, 0);
    return result;
}

static int file_sync(sqlite3_file *file, int flags) {
    int result = before(CFAULT_SYNC, path_of(file));
    if (result != SQLITE_OK) return result;
    result = inner(file)->pMethods->xSync(inner(file), flags);
    if (result == SQLITE_OK) after(CFAULT_SYNC, path_of(file), 0, 0, 0);
    return result;
}

static int file_size(sqlite3_file *file, sqlite3_int64 *size) {
    return inner(file)->pMethods->xFileSize(inner(file), size);
}
static int file_lock(sqlite3_file *file, int level) { return inner(file)->pMethods->xLock(inner(file), level); }
static int file_unlock(sqlite3_file *file, int level) { return inner(file)->pMethods->xUnlock(inner(file), level); }
static int file_is_reserved(sqlite3_file *file, int *answer) {
    return inner(file)->pMethods->xCheckReservedLock(inner(file), answer);
}
static int file_control(sqlite3_file *file, int operation, void *argument) {
    return inner(file)->pMethods->xFileControl(inner(file), operation, argument);
}
static int file_sector(sqlite3_file *file) { return inner(file)->pMethods->xSectorSize(inner(file)); }
static int file_character(sqlite3_file *file) { return inner(file)->pMethods->xDeviceCharacteristics(inner(file)); }
static int file_map(sqlite3_file *file, int page, int size, int extend, void volatile **memory) {
    return inner(file)->pMethods->xShmMap(inner(file), page, size, extend, memory);
}
static int file_shm_lock(sqlite3_file *file, int offset, int count, int flags) {
    return inner(file)->pMethods->xShmLock(inner(file), offset, count, flags);
}
static void file_barrier(sqlite3_file *file) { inner(file)->pMethods->xShmBarrier(inner(file)); }
static int file_unmap(sqlite3_file *file, int delete) { return inner(file)->pMethods->xShmUnmap(inner(file), delete); }

// Version 2: shared memory, but no mapping of the file itself, which would write past the hooks.
static const sqlite3_io_methods methods = {
    2,
    file_close,
    file_read,
    file_write,
    file_truncate,
    file_sync,
    file_size,
    file_lock,
    file_unlock,
    file_is_reserved,
    file_control,
    file_sector,
    file_character,
    file_map,
    file_shm_lock,
    file_barrier,
    file_unmap,
    0,
    0,
};

static int vfs_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *file, int flags, int *out) {
    (void)vfs;
    struct file *own = (struct file *)file;
    own->base.pMethods = 0;
    own->path = path ? path : "";
    int result = before(CFAULT_OPEN, own->path);
    if (result != SQLITE_OK) return result;
    memset(inner(file), 0, (size_t)real->szOsFile);
    result = real->xOpen(real, path, inner(file), flags, out);
    if (inner(file)->pMethods) own->base.pMethods = &methods;
    if (result == SQLITE_OK) after(CFAULT_OPEN, own->path, 0, 0, 0);
    return result;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *path, int sync_folder) {
    (void)vfs;
    int result = before(CFAULT_DELETE, path);
    if (result != SQLITE_OK) return result;
    result = real->xDelete(real, path, sync_folder);
    if (result == SQLITE_OK) after(CFAULT_DELETE, path, 0, 0, 0);
    return result;
}

// The system's VFS syncs a folder through this, beside the first sync of a log and the deletion of a journal. That it
// fails is the one way to have that sync fail from here.
static int (*real_open_folder)(const char *, int *);

static int open_folder(const char *path, int *descriptor) {
    if (before(CFAULT_SYNC_FOLDER, path) != SQLITE_OK) return SQLITE_CANTOPEN;
    int result = real_open_folder(path, descriptor);
    if (result == SQLITE_OK) after(CFAULT_SYNC_FOLDER, path, 0, 0, 0);
    return result;
}

int cfault_register(const char *name, struct cfault_hooks given) {
    static sqlite3_vfs vfs;
    hooks = given;
    real = sqlite3_vfs_find("unix");
    if (!real) return SQLITE_NOTFOUND;
    real_open_folder = (int (*)(const char *, int *))real->xGetSystemCall(real, "openDirectory");
    int result = real->xSetSystemCall(real, "openDirectory", (sqlite3_syscall_ptr)open_folder);
    if (result != SQLITE_OK) return result;
    vfs = *real;
    vfs.pNext = 0;
    vfs.zName = name;
    vfs.szOsFile = (int)sizeof(struct file) + real->szOsFile;
    vfs.xOpen = vfs_open;
    vfs.xDelete = vfs_delete;
    return sqlite3_vfs_register(&vfs, 1);
}

// Memory.

static sqlite3_mem_methods memory;
static int64_t asked, failed, nth_fails;
static int fails_forever, is_suspended;

static int may_allocate(void) {
    if (__atomic_load_n(&is_suspended, __ATOMIC_SEQ_CST)) return 1;
    int64_t number = __atomic_add_fetch(&asked, 1, __ATOMIC_SEQ_CST);
    int64_t nth = __atomic_load_n(&nth_fails, __ATOMIC_SEQ_CST);
    int fails = nth > 0 && (number == nth || (number > nth && __atomic_load_n(&fails_forever, __ATOMIC_SEQ_CST)));
    if (fails) __atomic_add_fetch(&failed, 1, __ATOMIC_SEQ_CST);
    return !fails;
}

static void *allocate(int size) { return may_allocate() ? memory.xMalloc(size) : 0; }
static void *reallocate(void *old, int size) { return may_allocate() ? memory.xRealloc(old, size) : 0; }

int cfault_register_allocator(void) {
    int result = sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory);
    if (result != SQLITE_OK) return result;
    sqlite3_mem_methods wrapped = memory;
    wrapped.xMalloc = allocate;
    wrapped.xRealloc = reallocate;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &wrapped);
}

void cfault_fail_allocation(int64_t nth, int forever) {
    __atomic_store_n(&fails_forever, forever, __ATOMIC_SEQ_CST);
    __atomic_store_n(&nth_fails, nth, __ATOMIC_SEQ_CST);
    __atomic_store_n(&asked, 0, __ATOMIC_SEQ_CST);
    __atomic_store_n(&failed, 0, __ATOMIC_SEQ_CST);
}

void cfault_suspend_allocations(int yes) { __atomic_store_n(&is_suspended, yes, __ATOMIC_SEQ_CST); }
int64_t cfault_allocations(void) { return __atomic_load_n(&asked, __ATOMIC_SEQ_CST); }
int64_t cfault_failed_allocations(void) { return __atomic_load_n(&failed, __ATOMIC_SEQ_CST); }

// Digests.

struct digests {
    uint64_t whole;
    uint64_t nameless;
};

static uint64_t mix_word(uint64_t digest, uint64_t word) {
    digest = (digest ^ word) * 0x9e3779b97f4a7c15ULL;
    return digest ^ (digest >> 32);
}

// Eight bytes at a time: the rows of every file of a long run pass through here.
static uint64_t mix(uint64_t digest, const void *data, int size) {
    digest = mix_word(digest, (uint64_t)size);
    int index = 0;
    for (; index < size; index += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)data + index, size - index < 8 ? (size_t)(size - index) : 8);
        digest = mix_word(digest, word);
    }
    return digest;
}

static int digest_rows(sqlite3 *connection, const char *sql, int is_meta, struct digests *digests) {
    sqlite3_stmt *statement = 0;
    int result = sqlite3_prepare_v2(connection, sql, -1, &statement, 0);
    if (result != SQLITE_OK) return result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        const char *key = is_meta ? (const char *)sqlite3_column_text(statement, 0) : 0;
        int is_name = key && strcmp(key, "identity") == 0;
        for (int column = 0; column < sqlite3_column_count(statement); column++) {
            uint64_t type = (uint64_t)sqlite3_column_type(statement, column);
            const void *bytes = sqlite3_column_blob(statement, column);
            int size = sqlite3_column_bytes(statement, column);
            digests->whole = mix(mix_word(digests->whole, type), bytes, size);
            if (!is_name) digests->nameless = mix(mix_word(digests->nameless, type), bytes, size);
        }
    }
    sqlite3_finalize(statement);
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

int cfault_digest(sqlite3 *connection, uint64_t *whole, uint64_t *nameless) {
    struct digests digests = {0xcbf29ce484222325ULL, 0xcbf29ce484222325ULL};
    sqlite3_stmt *tables = 0;
    const char *names = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
    int result = sqlite3_prepare_v2(connection, names, -1, &tables, 0);
    if (result != SQLITE_OK) return result;
    while ((result = sqlite3_step(tables)) == SQLITE_ROW) {
        const char *name = (const char *)sqlite3_column_text(tables, 0);
        digests.whole = mix(digests.whole, name, (int)strlen(name));
        digests.nameless = mix(digests.nameless, name, (int)strlen(name));
        // The generation of a log is drawn at random, and is no part of what a queue holds.
        int is_meta = strcmp(name, "meta") == 0;
        char *sql = sqlite3_mprintf(
            "SELECT * FROM \"%w\"%s", name, is_meta ? " WHERE key NOT IN ('log', 'closed')" : "");
        if (!sql) result = SQLITE_NOMEM;
        else result = digest_rows(connection, sql, is_meta, &digests);
        sqlite3_free(sql);
        if (result != SQLITE_OK) break;
    }
    sqlite3_finalize(tables);
    *whole = digests.whole;
    *nameless = digests.nameless;
    return result == SQLITE_DONE ? SQLITE_OK : result;
}

int cfault_keep_log(sqlite3 *connection) {
    return sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, (int *)0);
}
