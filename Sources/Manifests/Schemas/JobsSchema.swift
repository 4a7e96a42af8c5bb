import JobQueue
import Settings
import StreamingJobs

extension JSONSchema {
  /// A file of jobs. Texts may be templates, so a number may be written as a text too.
  static func jobs(_ kinds: JobKinds) -> Schema {
    let generate: Schema = .object(
      ["stream": .text, "from": .int(0...Int.max), "to": .int(0...Int.max)], required: ["stream", "from", "to"])
    let job: [String: Schema] = [
      "kind": Schema.choice(kinds.all.map(\.kind)).meaning("the job kind"),
      "name": Schema.text.meaning("a name that after: can refer to"),
      "generate": generate.meaning("one job for each number"),
      "after": Schema.any(.text, .list(.text)).meaning("names of jobs above, or numbers of jobs in the queue"),
      "labels": .map(.text),
      "priority": ["type": .string("integer"), "description": .string("jobs with a higher one run first")],
      "runAt": Schema.text.meaning("do not run before this time: 2026-12-05T20:15:00+01:00, or +10m"),
      "maxAttempts": Schema.int(1...Int.max).meaning("give up after this many failures"),
      "with": ["type": .string("object"), "description": .string("the parameters of the kind")],
    ]
    var one: Schema = .object(job, required: ["kind"])
    one["allOf"] = .array(
      kinds.all.map { kind in
        let isOfKind: Schema = ["properties": .object(["kind": .object(.constant(kind.kind))])]
        let then: Schema = ["properties": .object(["with": .object(parameters(kind).meaning(kind.summary))])]
        return .object(["if": .object(isOfKind), "then": .object(then)])
      })
    let defaults = Dictionary(
      kinds.all.map { ($0.kind, parameters($0).meaning($0.summary)) }, uniquingKeysWith: { first, _ in first })
    return .object(
      head("Jobs").merging(["labels": .map(.text), "defaults": .object(defaults), "jobs": .list(one)]) { own, _ in own
      },
      required: ["apiVersion", "kind", "jobs"])
  }

  /// The parameters of a kind. None is required: `defaults` may provide them.
  private static func parameters(_ kind: JobKindDescription) -> Schema {
    .object(
      Dictionary(
        kind.fields.map { field in
          let shape: Schema =
            switch field.shape {
            case .string, .path, .connection: .text
            case .int: ["type": .array([.string("integer"), .string("string")])]
            case .bool: ["type": .array([.string("boolean"), .string("string")])]
            case .strings: .any(.text, .list(.text))
            case .stringMap: .map(.text)
            case .choice(let words): .choice(words)
            }
          return (field.name, shape.meaning(field.help + (field.fallback.map { " (default: \($0))" } ?? "")))
        }, uniquingKeysWith: { first, _ in first }))
  }
}
