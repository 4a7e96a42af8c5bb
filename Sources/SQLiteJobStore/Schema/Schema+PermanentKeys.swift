extension Schema {
  /// Unique keys that a job holds for good. Such a job stays in the unique index, and is left out of the index of
  /// removable jobs.
  static let permanentKeys = """
    ALTER TABLE job ADD COLUMN key_is_permanent INTEGER NOT NULL DEFAULT 0
      CHECK (key_is_permanent = 0 OR key_is_permanent = 1);

    DROP INDEX job_unique;
    CREATE UNIQUE INDEX job_unique ON job (unique_key)
    WHERE unique_key IS NOT NULL AND (key_is_permanent = 1 OR (finished_at IS NULL AND cancel_requested = 0));

    DROP INDEX job_finished;
    CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL AND key_is_permanent = 0;
    """
}
