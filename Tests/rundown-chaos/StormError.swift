/// Why the storm could not be held or counted.
struct StormError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
