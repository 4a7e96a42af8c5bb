extension JobContext {
  /// Has a record committed with the job's completion: it is there exactly when the job is done. Of an attempt that ends
  /// otherwise nothing is kept; what is to be known then goes with a checkpoint or an effect's result.
  ///
  /// One that is there and was to be new stays as it is, and the attempt's notes tell.
  /// - Throws: ``JobStoreError`` `invalid` for a record that no store takes.
  public func record(_ write: RecordWrite) throws {
    try JobLimits.check([write], "record")
    attemptNotes.keep(write)
  }

  /// Has a record committed with the result of an effect: it is there exactly when this attempt wrote that result down,
  /// whether the thing was made or found. Said before the effect, or by what looks for the thing or asks for it.
  ///
  /// One that is there and was to be new stays as it is, and the attempt's notes tell.
  /// - Throws: ``JobStoreError`` `invalid` for a record that no store takes.
  public func record(_ write: RecordWrite, withResultOf effect: String) throws {
    try JobLimits.check([write], "record")
    attemptNotes.keep(write, withResultOf: effect)
  }
}
