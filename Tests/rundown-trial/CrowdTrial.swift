/// `crowd FILE [seconds=N]`: keeps every thread of the pool busy and other tasks in line for that long; the file is not
/// used.
struct CrowdTrial {
  private static let tasks = 64
  private let seconds: Int

  init(_ arguments: TrialArguments) throws {
    seconds = try arguments.number("seconds", or: 1)
  }

  func run() async {
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    await withDiscardingTaskGroup { group in
      for _ in 0..<Self.tasks {
        group.addTask {
          while clock.now < end {
            let pause = clock.now + .milliseconds(5)
            while clock.now < pause {}
            await Task.yield()
          }
        }
      }
    }
  }
}
