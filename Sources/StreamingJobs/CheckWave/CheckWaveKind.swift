import JobQueue

/// `check-wave`.
enum CheckWaveKind: JobKind {
  static let summary = "A wave of a rollout has finished, and the next one may start."
  static let example = "rundown enqueue check-wave --manifest autumn-league-2026 --wave 1 --waves 3 --failed-percent 5"
  static let fields: [JobField] = [
    .required("manifest", "the manifest whose jobs are counted"),
    .required("wave", .int, "the number of the wave, starting at 1"),
    .required("waves", .int, "the number of waves"),
    .required("failedPercent", .int, "percentage of streams that may fail; more than that stops the rollout"),
  ]

  static let role: ResourceRole? = .waveCheck

  static let resultFields = ["wave", "done", "failed"]

  static func handler(_ resources: JobResources) -> CheckWaveHandler { CheckWaveHandler(queue: resources.queue) }
}
