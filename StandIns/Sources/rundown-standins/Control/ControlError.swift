/// A request to the control API that cannot be carried out.
struct ControlError: Error, Sendable {
  let status: Int
  let message: String

  var answer: Reply {
    Reply(status, json: ["error": .string(message)])
  }

  static func bad(_ message: String) -> ControlError {
    ControlError(status: 400, message: message)
  }

  static let notFound = ControlError(
    status: 404,
    message: "no such path; there are /healthz /faults /counts /state /journal /assets /publish /settings /clock /reset"
  )
}
