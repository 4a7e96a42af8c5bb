/* What SQLite itself can do on this disk: the ceiling that `scripts/bench queue` compares us with.
 *
 * A table of three columns and one index, no history, no triggers, one process, one thread, every statement prepared
 * once. Write-ahead logging with synchronous = FULL, so that each commit is on disk, as it is with us.
 *
 *   bench-limit FILE insert COUNT PER-COMMIT      rows inserted per second
 *   bench-limit FILE drain COUNT PER-COMMIT       rows leased and completed per second; the rows are made first
 *
 * Prints one JSON object. The file must not exist.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static sqlite3 *database;

static void check(int result, int expected) {
  if (result == expected) return;
  fprintf(stderr, "bench-limit: %s\n", database ? sqlite3_errmsg(database) : sqlite3_errstr(result));
  exit(1);
}

static void run(const char *script) { check(sqlite3_exec(database, script, NULL, NULL, NULL), SQLITE_OK); }

static sqlite3_stmt *prepared(const char *sql) {
  sqlite3_stmt *statement;
  check(sqlite3_prepare_v3(database, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL), SQLITE_OK);
  return statement;
}

static void step(sqlite3_stmt *statement) {
  check(sqlite3_step(statement), SQLITE_DONE);
  check(sqlite3_reset(statement), SQLITE_OK);
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

static sqlite3_stmt *begin, *commit;

/* The payload has the length of our own no-op job's. */
static void insert(long count, long per_commit) {
  sqlite3_stmt *row = prepared("INSERT INTO job (state, payload) VALUES (0, ?1)");
  for (long number = 0; number < count;) {
    step(begin);
    for (long end = number + per_commit; number < end && number < count; number++) {
      char payload[64];
      const char *form = "{\"number\":%ld,\"text\":\"nothing is to be done here\"}";
      int length = snprintf(payload, sizeof payload, form, number);
      check(sqlite3_bind_text(row, 1, payload, length, SQLITE_TRANSIENT), SQLITE_OK);
      step(row);
    }
    step(commit);
  }
}

/* Two commits for each batch: one leases, one completes. */
static void drain(long count, long per_commit) {
  sqlite3_stmt *lease = prepared(
      "UPDATE job SET state = 1 WHERE id IN (SELECT id FROM job WHERE state = 0 ORDER BY id LIMIT ?1)"
      " RETURNING id, payload");
  sqlite3_stmt *complete = prepared("UPDATE job SET state = 2 WHERE id = ?1");
  sqlite3_int64 *ids = calloc(per_commit, sizeof *ids);
  if (!ids) exit(1);
  for (long done = 0; done < count;) {
    long leased = 0;
    int result;
    step(begin);
    check(sqlite3_bind_int64(lease, 1, per_commit), SQLITE_OK);
    while ((result = sqlite3_step(lease)) == SQLITE_ROW) {
      ids[leased++] = sqlite3_column_int64(lease, 0);
      (void)sqlite3_column_text(lease, 1);
    }
    check(result, SQLITE_DONE);
    check(sqlite3_reset(lease), SQLITE_OK);
    step(commit);
    if (leased == 0) exit(1);
    step(begin);
    for (long index = 0; index < leased; index++) {
      check(sqlite3_bind_int64(complete, 1, ids[index]), SQLITE_OK);
      step(complete);
    }
    step(commit);
    done += leased;
  }
  free(ids);
}

int main(int argc, char **argv) {
  long count = argc == 5 ? atol(argv[3]) : 0, per_commit = argc == 5 ? atol(argv[4]) : 0;
  int drains = argc == 5 && strcmp(argv[2], "drain") == 0;
  if (count < 1 || per_commit < 1 || (!drains && strcmp(argv[2], "insert") != 0)) {
    fprintf(stderr, "usage: bench-limit FILE insert|drain COUNT PER-COMMIT\n");
    return 2;
  }
  check(sqlite3_open_v2(
            argv[1], &database, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL), SQLITE_OK);
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA secure_delete = OFF; PRAGMA cache_size = -16000;"
      "CREATE TABLE job (id INTEGER PRIMARY KEY, state INTEGER NOT NULL, payload TEXT NOT NULL);"
      "CREATE INDEX ready ON job (id) WHERE state = 0");
  begin = prepared("BEGIN IMMEDIATE");
  commit = prepared("COMMIT");
  if (drains) insert(count, 1000);
  double start = now();
  if (drains) drain(count, per_commit); else insert(count, per_commit);
  double seconds = now() - start;
  printf("{\"count\":%ld,\"seconds\":%.6f,\"per_second\":%.1f}\n", count, seconds, count / seconds);
  return 0;
}
