import JobQueue
import StreamingJobs

/// The parameters of a resource's job by their names, with the fields of the manifest that they come from.
struct ResourceParameters {
  let role: ResourceRole
  /// The stream that asks for it.
  let stream: StreamValues
  private(set) var values: [String: JSONValue] = [:]
  /// Of each parameter the path of its field.
  private(set) var paths: [String: String] = [:]

  init(_ role: ResourceRole, _ stream: StreamValues) {
    self.role = role
    self.stream = stream
  }

  /// Sets a parameter; nil leaves it as it is.
  mutating func set(_ name: String, _ text: String?, _ path: String) {
    guard let text else { return }
    values[name] = .string(text)
    paths[name] = path
  }

  /// Sets a switch.
  mutating func set(_ name: String, _ value: Bool, _ path: String) {
    values[name] = .bool(value)
    paths[name] = path
  }

  /// Takes the value of a field as it is written.
  mutating func take(_ name: String, _ path: String) {
    paths[name] = path
    values[name] = stream.given.fields[path]?.value
  }
}
