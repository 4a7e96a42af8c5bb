import JobQueue

/// The numbered migrations. A file's `user_version` says how many of them were applied; they are never changed once
/// released, only added to. They are literal text and use no Swift types: a new enum case must not change what created
/// an earlier file. A test compares the newest schema with the enums.
package enum Schema {
  /// "RnDn": marks a file as ours.
  package static let applicationID: Int64 = 0x526E_446E

  package static let migrations: [String] = [
    first, gatesAndBudgets, openLosses, doubts, outageSeries, recordsAndAudit, permanentKeys, openIntents,
    operatorSteps, retriedAtItsMoment,
  ]

  /// `'a', 'b'`: states as an SQL list.
  static func words(_ states: some Sequence<JobState>) -> String {
    states.map { "'\($0.rawValue)'" }.joined(separator: ", ")
  }

  /// The condition of the partial unique index; a statement that relies on the index repeats it word for word. A
  /// running job that was cancelled no longer holds its key, unless it holds it for good.
  static let holdsKey =
    "unique_key IS NOT NULL AND (key_is_permanent = 1 OR (finished_at IS NULL AND cancel_requested = 0))"

  /// A job that has not ended.
  static let isUnfinished = "finished_at IS NULL"

  /// The condition of the index of finished jobs that may be removed: a job that holds its key for good is not among
  /// them.
  static let isRemovable = "finished_at IS NOT NULL AND key_is_permanent = 0"

  /// The index that contains all jobs in a state and few others.
  static func index(of state: JobState) -> String {
    switch state {
    case .ready: "job_claim"
    case .scheduled: "job_due"
    case .running: "job_lease"
    case .blocked, .held, .dead, .cancelled: "job_aside"
    case .completed: "job_completed"
    }
  }

  private static let first = """
    CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE job (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      kind TEXT NOT NULL,
      queue TEXT NOT NULL,
      state TEXT NOT NULL CHECK (
        state = 'blocked' OR state = 'scheduled' OR state = 'ready' OR state = 'running' OR state = 'held'
        OR state = 'completed' OR state = 'dead' OR state = 'cancelled'),
      priority INTEGER NOT NULL,
      payload TEXT NOT NULL,
      payload_version INTEGER NOT NULL,
      unique_key TEXT,
      labels TEXT,
      run_at INTEGER NOT NULL,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      finished_at INTEGER,
      failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
      max_attempts INTEGER NOT NULL,
      crashes INTEGER NOT NULL DEFAULT 0 CHECK (crashes >= 0),
      token INTEGER NOT NULL DEFAULT 0 CHECK (token >= 0),
      lease_owner TEXT,
      lease_expires_at INTEGER,
      leased_at INTEGER,
      cancel_requested INTEGER NOT NULL DEFAULT 0 CHECK (cancel_requested = 0 OR cancel_requested = 1),
      wait_reason TEXT,
      failure_code TEXT,
      failure TEXT,
      output TEXT,
      CHECK ((state = 'running') = (lease_owner IS NOT NULL)),
      CHECK ((lease_owner IS NULL) = (lease_expires_at IS NULL)),
      CHECK ((lease_owner IS NULL) = (leased_at IS NULL)),
      CHECK (cancel_requested = 0 OR state = 'running'),
      CHECK ((state = 'completed' OR state = 'dead' OR state = 'cancelled') = (finished_at IS NOT NULL))
    ) STRICT;

    CREATE UNIQUE INDEX job_unique ON job (unique_key) WHERE unique_key IS NOT NULL AND finished_at IS NULL;
    CREATE INDEX job_claim ON job (queue, priority DESC, run_at, id) WHERE state = 'ready';
    CREATE INDEX job_due ON job (run_at) WHERE state = 'scheduled';
    CREATE INDEX job_lease ON job (lease_expires_at) WHERE state = 'running';
    CREATE INDEX job_finished ON job (finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX job_completed ON job (id) WHERE state = 'completed';
    CREATE INDEX job_aside ON job (state, id) WHERE state = 'blocked' OR state = 'held' OR state = 'dead' OR state = 'cancelled';
    CREATE INDEX job_kind ON job (kind, id);
    CREATE INDEX job_created ON job (created_at);
    CREATE INDEX job_failure ON job (failure_code, id) WHERE failure_code IS NOT NULL;

    -- Attempts that ended. The one that runs is in its job's row: a lease and its end cost one row here, not two.
    CREATE TABLE attempt (
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      number INTEGER NOT NULL,
      worker TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      ended_at INTEGER NOT NULL,
      outcome TEXT NOT NULL CHECK (
        outcome = 'completed' OR outcome = 'failed' OR outcome = 'snoozed' OR outcome = 'held'
        OR outcome = 'dead' OR outcome = 'cancelled' OR outcome = 'handed-back' OR outcome = 'lost'),
      failure TEXT,
      next_run_at INTEGER,
      why TEXT,
      PRIMARY KEY (job, number)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE note (
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      attempt INTEGER NOT NULL,
      at INTEGER NOT NULL,
      text TEXT NOT NULL
    ) STRICT;
    CREATE INDEX note_of_attempt ON note (job, attempt);

    CREATE TABLE effect (
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      name TEXT NOT NULL,
      first_intended_at INTEGER NOT NULL,
      touched_at INTEGER NOT NULL,
      intents INTEGER NOT NULL,
      unsettled INTEGER NOT NULL CHECK (unsettled >= 0),
      result TEXT,
      origin TEXT CHECK (origin IN ('performed', 'adopted')),
      claim TEXT,
      PRIMARY KEY (job, name)
    ) STRICT, WITHOUT ROWID;
    CREATE UNIQUE INDEX effect_claim ON effect (claim) WHERE claim IS NOT NULL;

    CREATE TABLE checkpoint (
      job INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      key TEXT NOT NULL,
      json TEXT NOT NULL,
      PRIMARY KEY (job, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE job_parent (
      child INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      parent INTEGER NOT NULL REFERENCES job ON DELETE CASCADE,
      PRIMARY KEY (child, parent)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_child ON job_parent (parent, child);

    CREATE TABLE worker (
      id TEXT PRIMARY KEY,
      host TEXT NOT NULL,
      pid INTEGER NOT NULL,
      process_start TEXT NOT NULL,
      started_at INTEGER NOT NULL,
      seen_at INTEGER NOT NULL,
      queues TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE counter (
      queue TEXT NOT NULL,
      state TEXT NOT NULL,
      jobs INTEGER NOT NULL CHECK (jobs >= 0),
      PRIMARY KEY (queue, state)
    ) STRICT, WITHOUT ROWID;

    CREATE TRIGGER job_inserted AFTER INSERT ON job BEGIN
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;
    CREATE TRIGGER job_moved AFTER UPDATE OF state ON job WHEN OLD.state <> NEW.state BEGIN
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;
    CREATE TRIGGER job_deleted AFTER DELETE ON job BEGIN
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
    END;
    CREATE TRIGGER job_transition BEFORE UPDATE OF state ON job
    WHEN OLD.state <> NEW.state AND instr(' blocked>cancelled blocked>ready blocked>scheduled scheduled>cancelled scheduled>ready ready>cancelled ready>running running>cancelled running>completed running>dead running>held running>ready running>scheduled held>cancelled held>ready completed>blocked completed>ready dead>blocked dead>ready cancelled>blocked cancelled>ready ', ' ' || OLD.state || '>' || NEW.state || ' ') = 0 BEGIN
      SELECT RAISE(ABORT, 'a job may not go from this state to that one');
    END;
    CREATE TRIGGER job_fence BEFORE UPDATE OF token ON job WHEN NEW.token < OLD.token BEGIN
      SELECT RAISE(ABORT, 'a token never shrinks');
    END;
    """
}
