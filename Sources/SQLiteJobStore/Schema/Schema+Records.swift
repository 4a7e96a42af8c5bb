extension Schema {
  /// Records of named collections, and what operators did. A record outlives the job that wrote it, so its number
  /// refers to no row. Both are kept: our code never deletes them.
  static let recordsAndAudit = """
    CREATE TABLE record (
      collection TEXT NOT NULL,
      key TEXT NOT NULL,
      labels TEXT,
      value TEXT NOT NULL,
      job INTEGER,
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      PRIMARY KEY (collection, key)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE audit (
      id INTEGER PRIMARY KEY,
      at INTEGER NOT NULL,
      who TEXT NOT NULL,
      verb TEXT NOT NULL,
      filter TEXT NOT NULL,
      count INTEGER NOT NULL CHECK (count >= 0)
    ) STRICT;
    """
}
