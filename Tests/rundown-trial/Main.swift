import FoundationEssentials
import Glibc
import JobQueue
import ProcessStart

/// `rundown-trial work|enqueue|crowd FILE name=value …`: a worker of cheap jobs, one that enqueues them, and a busy pool of
/// threads, for tests that kill, stop and starve processes.
@main
enum Trial {
  static func main() async {
    signal(SIGXFSZ, SIG_IGN)
    do {
      let arguments = try TrialArguments(StartArguments.readOrExit())
      switch arguments.verb {
      case "work":
        print(String(decoding: try JSONEncoder().encode(try await WorkTrial(arguments).run()), as: UTF8.self))
      case "enqueue": try await EnqueueTrial(arguments).run()
      case "crowd": try await CrowdTrial(arguments).run()
      default: throw TrialArguments.Wrong(description: "'\(arguments.verb)' is no verb")
      }
    } catch {
      let code = (error as? JobStoreError)?.code.rawValue ?? "wrong"
      try? LineFile.standardError.add("error[\(code)]: \(error)")
      exit(1)
    }
  }
}
