import JobQueue

extension Oracle {
  /// Adds records whose commit was done. Those that were to be new but already exist stay unchanged.
  mutating func note(_ writes: [RecordWrite], by job: JobID?, at now: Timestamp) {
    for write in writes {
      let name = RecordName(write)
      if let record = write.applied(to: records[name], by: job, at: now) {
        records[name] = record
      } else {
        counts.keptRecords += 1
      }
    }
  }

  /// Whether a record that is to be new already exists, or would exist twice.
  func meetsRecord(_ writes: [RecordWrite]) -> Bool {
    var met = Set(records.keys)
    return writes.contains { write in !met.insert(RecordName(write)).inserted && write.rule == .insertOnly }
  }

  /// A record exists, as it was written, exactly if its commit was done.
  func checkRecords(_ shown: [Record]) throws {
    let expected = records.sorted { $0.key < $1.key }.map(\.value)
    guard shown != expected else { return }
    let missing = expected.filter { !shown.contains($0) }.map(told)
    let foreign = shown.filter { !expected.contains($0) }.map(told)
    throw InvariantViolation(what: "records \(missing) are missing, and \(foreign) were committed by nobody")
  }

  private func told(_ record: Record) -> String {
    "\(record.key)=\(record.value) of \(record.job.map(name) ?? "no job"), \(record.createdAt) to \(record.updatedAt)"
  }
}
