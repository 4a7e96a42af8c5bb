import JobQueue
import StreamingJobs

/// The parameters of a resource's job by name, with the manifest fields that they come from.
struct ResourceParameters {
  let role: ResourceRole
  /// The stream that needs the resource.
  let stream: StreamValues
  private(set) var values: [String: JSONValue] = [:]
  /// The path of the field behind each parameter.
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

  /// Copies the value of a field as it is.
  mutating func take(_ name: String, _ path: String) {
    paths[name] = path
    values[name] = stream.given.fields[path]?.value
  }
}
