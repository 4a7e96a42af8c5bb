import JobQueue

/// `check-wave`.
enum CheckWaveKind: JobKind {
  static let summary = "A wave of a rollout came through, and so the next one may begin."
  static let example = "rundown enqueue check-wave --manifest autumn-league-2026 --wave 1 --waves 3 --failed-percent 5"
  static let fields: [JobField] = [
    .required("manifest", "the manifest whose jobs are counted"),
    .required("wave", .int, "which wave, from 1"),
    .required("waves", .int, "how many there are"),
    .required("failedPercent", .int, "how many streams of a hundred may fail; more stop the rollout"),
  ]

  static let role: ResourceRole? = .waveCheck

  static let resultFields = ["wave", "done", "failed"]

  static func handler(_ resources: JobResources) -> CheckWaveHandler { CheckWaveHandler(queue: resources.queue) }
}
