extension Schema {
  /// Losses that may or may not turn out to be crashes, and the one transition that they add: a ready job that was lost
  /// once too often becomes dead.
  static let openLosses = """
    CREATE TABLE open_loss (
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      attempt INTEGER NOT NULL,
      worker TEXT NOT NULL,
      -- A crash by then, when nothing is heard of the worker.
      due_at INTEGER NOT NULL,
      PRIMARY KEY (job, attempt)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX open_loss_due ON open_loss (due_at);
    CREATE INDEX open_loss_worker ON open_loss (worker);

    DROP TRIGGER job_step;
    CREATE TRIGGER job_step AFTER UPDATE OF state, token ON job
    WHEN NEW.token < OLD.token OR (OLD.state <> NEW.state
      AND NOT (OLD.state = 'ready' AND NEW.state = 'running') AND NOT (OLD.state = 'running' AND NEW.state = 'completed'))
    BEGIN
      SELECT RAISE(ABORT, 'a job may not go from this state to that one, and a token never shrinks')
      WHERE NEW.token < OLD.token OR instr(' blocked>cancelled blocked>ready blocked>scheduled scheduled>cancelled scheduled>ready ready>cancelled ready>dead ready>running running>cancelled running>completed running>dead running>held running>ready running>scheduled held>cancelled held>ready completed>blocked completed>ready dead>blocked dead>ready cancelled>blocked cancelled>ready ', ' ' || OLD.state || '>' || NEW.state || ' ') = 0;
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;
    """
}
