import JobQueue
import Settings
import StreamingJobs

/// Reads `rollout` of a manifest.
enum RolloutReader {
  static func read(_ node: YAMLNode, _ zones: ZoneDirectory, by reader: inout YAMLReader) -> Rollout {
    var rollout = Rollout(place: node.location)
    for (key, value) in reader.mapping(node, "rollout", known: ["canary", "waves", "stopOn", "window"]) {
      switch key {
      case "canary": rollout.canary = reader.number(value, "rollout.canary", minimum: 1)
      case "waves": rollout.waves = waves(value, by: &reader)
      case "stopOn":
        for (_, share) in reader.mapping(value, "rollout.stopOn", known: ["failedPercent"]) {
          if let percent = reader.number(share, "rollout.stopOn.failedPercent", minimum: 0, maximum: 100) {
            rollout.failedPercent = percent
          }
        }
      default:
        for (_, spans) in reader.mapping(value, "rollout.window", known: ["not"]) {
          for span in elements(spans) {
            if let blackout = blackout(span, zones, by: &reader) { rollout.blackouts.append(blackout) }
          }
          if rollout.blackouts.count > Blackout.most {
            reader.report(
              "RD0406", "rollout.window.not: more than \(Blackout.most) time ranges", at: spans,
              help: "remove those that are over, or merge them")
          }
        }
      }
    }
    return rollout
  }

  private static func elements(_ node: YAMLNode) -> [YAMLNode] {
    if case .sequence(let elements) = node.content { elements } else { [node] }
  }

  private static func waves(_ node: YAMLNode, by reader: inout YAMLReader) -> [Rollout.Wave] {
    var waves: [Rollout.Wave] = []
    for element in elements(node) {
      if waves.last == .rest {
        reader.report("RD0405", "rollout.waves: nothing can come after rest", at: element, help: "put rest last")
      } else if element.text == "rest" {
        waves.append(.rest)
      } else if let count = reader.number(element, "a wave", minimum: 1) {
        waves.append(.count(count))
      }
    }
    return waves
  }

  /// `2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin`
  private static func blackout(
    _ node: YAMLNode, _ zones: ZoneDirectory, by reader: inout YAMLReader
  ) -> Blackout? {
    guard let text = reader.text(node, "rollout.window.not") else { return nil }
    let words = text.split(separator: " ")
    let ends = words.first?.split(separator: "/").map(String.init) ?? []
    guard words.count == 2, ends.count == 2, let from = WallTime(ends[0]), let to = WallTime(ends[1]) else {
      reader.report(
        "RD0406", "rollout.window.not: '\(text)' is not a time range with a time zone", at: node,
        help: "write 2026-11-21T13:00/2026-11-21T23:00 Europe/Berlin")
      return nil
    }
    do throws(FieldProblem) {
      let zone = try zones.rules(of: String(words[1]))
      let blackout = Blackout(from: zone.reading(of: from).timestamp, to: zone.reading(of: to).timestamp)
      if blackout.from < blackout.to { return blackout }
      reader.report("RD0406", "rollout.window.not: it ends before it starts", at: node, help: "swap the two times")
    } catch {
      reader.report("RD0406", "rollout.window.not: \(error.message)", at: node, help: error.help)
    }
    return nil
  }
}
