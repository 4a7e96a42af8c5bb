extension Schema {
  /// What else an operator may do: put a dead job aside, and hold everything that is unfinished, as in a restored
  /// backup. A job that was held continues where it was.
  static let operatorSteps = """
    DROP TRIGGER job_step;
    CREATE TRIGGER job_step AFTER UPDATE OF state, token ON job
    WHEN NEW.token < OLD.token OR (OLD.state <> NEW.state
      AND NOT (OLD.state = 'ready' AND NEW.state = 'running') AND NOT (OLD.state = 'running' AND NEW.state = 'completed'))
    BEGIN
      SELECT RAISE(ABORT, 'a job may not go from this state to that one, and a token never shrinks')
      WHERE NEW.token < OLD.token OR instr(' blocked>cancelled blocked>held blocked>ready blocked>scheduled scheduled>cancelled scheduled>held scheduled>ready ready>cancelled ready>dead ready>held ready>running running>cancelled running>completed running>dead running>held running>ready running>scheduled held>blocked held>cancelled held>ready held>scheduled completed>blocked completed>ready dead>blocked dead>cancelled dead>ready cancelled>blocked cancelled>ready ', ' ' || OLD.state || '>' || NEW.state || ' ') = 0;
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;
    """

  /// A job that was cancelled before its time came, and is retried, waits for that time again.
  static let retriedAtItsMoment = """
    DROP TRIGGER job_step;
    CREATE TRIGGER job_step AFTER UPDATE OF state, token ON job
    WHEN NEW.token < OLD.token OR (OLD.state <> NEW.state
      AND NOT (OLD.state = 'ready' AND NEW.state = 'running') AND NOT (OLD.state = 'running' AND NEW.state = 'completed'))
    BEGIN
      SELECT RAISE(ABORT, 'a job may not go from this state to that one, and a token never shrinks')
      WHERE NEW.token < OLD.token OR instr(' blocked>cancelled blocked>held blocked>ready blocked>scheduled scheduled>cancelled scheduled>held scheduled>ready ready>cancelled ready>dead ready>held ready>running running>cancelled running>completed running>dead running>held running>ready running>scheduled held>blocked held>cancelled held>ready held>scheduled completed>blocked completed>ready dead>blocked dead>cancelled dead>ready cancelled>blocked cancelled>ready cancelled>scheduled ', ' ' || OLD.state || '>' || NEW.state || ' ') = 0;
      UPDATE counter SET jobs = jobs - 1 WHERE queue = OLD.queue AND state = OLD.state;
      INSERT INTO counter VALUES (NEW.queue, NEW.state, 1) ON CONFLICT DO UPDATE SET jobs = jobs + 1;
    END;
    """
}
