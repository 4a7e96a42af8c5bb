extension JobContext {
  /// Adds a record that is committed with the job's completion: it exists exactly if the job is done. If the attempt
  /// ends in any other way, it is dropped; whatever must be known even then goes with a checkpoint or an effect's
  /// result.
  ///
  /// A record that was to be new but already exists stays as it is, and the attempt's notes say so.
  /// - Throws: ``JobStoreError`` `invalid` for a record that no store accepts.
  public func record(_ write: RecordWrite) throws {
    try JobLimits.check([write], "record")
    attemptNotes.keep(write)
  }

  /// Adds a record that is committed with the result of an effect: it exists exactly if this attempt recorded that
  /// result, whether the thing was created or found. Call it before the effect, or in the closure that looks for the
  /// thing or requests it.
  ///
  /// A record that was to be new but already exists stays as it is, and the attempt's notes say so.
  /// - Throws: ``JobStoreError`` `invalid` for a record that no store accepts.
  public func record(_ write: RecordWrite, withResultOf effect: String) throws {
    try JobLimits.check([write], "record")
    attemptNotes.keep(write, withResultOf: effect)
  }
}
