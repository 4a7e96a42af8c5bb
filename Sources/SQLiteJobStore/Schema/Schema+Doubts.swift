extension Schema {
  /// Jobs whose requests may still take effect although they no longer hold their unique key. A running job that was
  /// cancelled leaves the unique index at once, so that the same job can be enqueued again.
  static let doubts = """
    DROP INDEX job_unique;
    CREATE UNIQUE INDEX job_unique ON job (unique_key)
    WHERE unique_key IS NOT NULL AND finished_at IS NULL AND cancel_requested = 0;

    -- A running job that was called off, or one that ended with an intent whose end nobody knows, until the next job of
    -- its key takes that over.
    CREATE TABLE doubt (
      unique_key TEXT NOT NULL,
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      PRIMARY KEY (unique_key, job)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX doubt_job ON doubt (job);

    -- A blocked job that waits for the end of another one of its key.
    CREATE TABLE awaited_end (
      job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
      predecessor INTEGER NOT NULL REFERENCES job ON DELETE CASCADE
    ) STRICT;
    CREATE INDEX awaited_end_predecessor ON awaited_end (predecessor, job);

    INSERT INTO doubt SELECT unique_key, id FROM job WHERE unique_key IS NOT NULL AND cancel_requested = 1;
    INSERT INTO doubt SELECT unique_key, id FROM job
    WHERE unique_key IS NOT NULL AND (state = 'dead' OR state = 'cancelled') AND EXISTS (
      SELECT 1 FROM effect WHERE effect.job = job.id AND result IS NULL AND unsettled > 0);
    """

  /// Effects without a result, so that a job finds what the other jobs of its concurrency key requested.
  static let openIntents = """
    CREATE INDEX effect_open ON effect (name, job) WHERE result IS NULL AND unsettled > 0;
    """
}
