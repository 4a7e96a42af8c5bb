extension Schema {
  /// Gates, concurrency keys and budgets. A ready job is in the lane of its gate and its key, so that a lane that must
  /// wait is skipped in one step, however many jobs are in it. No gate and no key are the empty text: a lane is found
  /// by comparing both, and nothing compares equal to NULL.
  static let gatesAndBudgets = """
    ALTER TABLE job ADD COLUMN gate TEXT NOT NULL DEFAULT '';
    ALTER TABLE job ADD COLUMN concurrency_key TEXT NOT NULL DEFAULT '';
    DROP INDEX job_claim;
    CREATE INDEX job_claim ON job (queue, gate, concurrency_key, priority DESC, run_at, id) WHERE state = 'ready';
    CREATE INDEX job_concurrency ON job (concurrency_key, id) WHERE state = 'running' AND concurrency_key <> '';

    -- Jobs come in, begin to run and complete by one statement each, which counts a whole batch at once: triggers made
    -- each of these rows twice as expensive. Every other step is counted here, and every step is judged: after it, because
    -- a row that a trigger saw before its change is sought and read again.
    DROP TRIGGER job_inserted;
    DROP TRIGGER job_moved;
    DROP TRIGGER job_transition;
    DROP TRIGGER job_fence;
    CREATE TRIGGER job_step AFTER UPDATE OF state, token ON job
    WHEN NEW.token < OLD.token OR (OLD.state <> NEW.state
      AND NOT (OLD.state = 'ready' AND NEW.state = 'running') AND NOT (OLD.state = 'running' AND NEW.state = 'completed'))
    BEGIN
      SELECT RAISE(ABORT, 'a job may not go from this state to that one, and a token never shrinks')
      WHERE NEW.token < OLD.token OR instr(' blocked>cancelled blocked>ready blocked>scheduled scheduled>cancelled scheduled>ready ready>cancelled ready>running running>cancelled running>completed running>dead running>held running>ready running>scheduled held>cancelled held>ready completed>blocked completed>ready dead>blocked dead>ready cancelled>blocked cancelled>ready ', ' ' || OLD.state || '>' || NEW.state || ' ') = 0;
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;

    CREATE TABLE gate (
      key TEXT PRIMARY KEY,
      state TEXT NOT NULL CHECK (state = 'open' OR state = 'closed' OR state = 'half-open'),
      closed_at INTEGER,
      until INTEGER,
      reason TEXT NOT NULL,
      by_person INTEGER NOT NULL CHECK (by_person = 0 OR by_person = 1),
      closures INTEGER NOT NULL CHECK (closures >= 0),
      probe_job INTEGER,
      probe_owner TEXT,
      probe_token INTEGER,
      CHECK (state = 'half-open' OR probe_job IS NULL),
      CHECK ((probe_job IS NULL) = (probe_owner IS NULL) AND (probe_job IS NULL) = (probe_token IS NULL)),
      CHECK (state = 'closed' OR until IS NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX gate_closed ON gate (until) WHERE state = 'closed';
    CREATE INDEX gate_probe ON gate (probe_job) WHERE probe_job IS NOT NULL;

    CREATE TABLE budget (
      account TEXT NOT NULL,
      resource TEXT NOT NULL,
      size INTEGER NOT NULL CHECK (size >= 1),
      span INTEGER NOT NULL CHECK (span > 0),
      -- How many places in its line were given out so far.
      places INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (account, resource)
    ) STRICT, WITHOUT ROWID;

    -- Units that are taken. Those without a job were taken by others, as far as we learned. A job may be forgotten before
    -- its unit is free again.
    CREATE TABLE budget_unit (
      account TEXT NOT NULL,
      resource TEXT NOT NULL,
      ends_at INTEGER NOT NULL,
      job INTEGER,
      effect TEXT,
      -- Where its job stood in line, and stands again when the unit is given back.
      place INTEGER,
      CHECK ((job IS NULL) = (effect IS NULL) AND (job IS NULL) = (place IS NULL))
    ) STRICT;
    CREATE INDEX budget_unit_end ON budget_unit (account, resource, ends_at);
    CREATE UNIQUE INDEX budget_unit_effect ON budget_unit (job, effect, account, resource) WHERE job IS NOT NULL;

    -- A job has its place until it is granted a unit or ends; the slot is the moment that it was told.
    CREATE TABLE budget_turn (
      job INTEGER PRIMARY KEY REFERENCES job ON DELETE CASCADE,
      account TEXT NOT NULL,
      resource TEXT NOT NULL,
      place INTEGER NOT NULL,
      slot INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX budget_turn_line ON budget_turn (account, resource, place, job);
    """

  /// Failures that may be an outage, as JSON, and the job that made the last probe, after which others go first.
  static let outageSeries = """
    ALTER TABLE gate ADD COLUMN series TEXT;
    ALTER TABLE gate ADD COLUMN last_probe INTEGER;
    CREATE INDEX gate_last_probe ON gate (key) WHERE last_probe IS NOT NULL;
    DROP INDEX gate_probe;
    """
}
