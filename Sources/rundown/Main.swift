import ArgumentParser
import Glibc
import Presentation
import ProcessStart

/// The command line of Rundown: parses, calls one verb, prints.
@main
struct Rundown: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rundown",
    abstract: "A durable job queue for streaming operations.",
    discussion: """
      EXAMPLES:
        rundown init                           # write a first configuration
        rundown enqueue jobs/onboarding.yaml   # add a file of jobs to the queue
        rundown worker                         # run the jobs in the queue
        rundown status                         # show the state of the queue
        rundown jobs show 12                   # show everything about one job
      """,
    version: "0.1.0",
    subcommands: [
      Enqueue.self, PlanCommand.self, Apply.self, TemplateCommand.self, Export.self, Batches.self,
      ScheduleCommand.self, WorkerCommand.self, Status.self,
      Jobs.self, Wait.self, Gates.self, Budgets.self,
      Audit.self,
      Backup.self, Restore.self, Check.self, Prune.self, Init.self, Doctor.self, Config.self, Explain.self,
      Completions.self, SchemaCommand.self,
    ])

  static func main() async {
    // A reader that goes away, and a file that may not grow, are reported by the failing write.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    StartArguments.reportLostMappings()
    let command: any ParsableCommand
    let arguments: [String]
    do throws(UnusableArguments) {
      arguments = BareOptions.spelledOut(try StartArguments.read(switches: switches))
    } catch {
      let known = CommandError(error)
      Output.diagnostic(known.rendered())
      Glibc.exit(known.status.rawValue)
    }
    do {
      try ProcessContext.checkEnvironment()
      if let direct = Enqueue.direct(arguments) {
        command = direct
      } else if arguments.first == "---completion" {
        // A request of a completion script.
        command = try await asyncParseAsRoot(arguments)
      } else {
        command = try parseAsRoot(arguments)
      }
    } catch {
      end(parsing: error, arguments)
    }
    do {
      do {
        if var command = command as? any AsyncParsableCommand {
          try await command.run()
        } else {
          var command = command
          try command.run()
        }
      } catch let request as Completions.Request {
        let script = completionScript(for: request.shell)
        try Output.write(script + (script.hasSuffix("\n") ? "" : "\n"))
      }
    } catch let error as CommandError {
      if !error.isSilent { Output.diagnostic(error.rendered()) }
      Glibc.exit(error.status.rawValue)
    } catch {
      // Help and version arrive as errors, too, and from commands as well as from parsing.
      if exitCode(for: error) == .success { end(parsing: error, arguments) }
      let known = CommandError(error)
      Output.diagnostic(known.rendered())
      Glibc.exit(known.status.rawValue)
    }
  }

  /// Options without a value; a word after one of them is an argument.
  private static let switches: Set<String> = [
    "--json", "--no-color", "--utc", "--yes", "-y", "--watch", "--once", "--wait-for-scheduled", "--origin", "--help",
    "-h", "--version", "--check", "--no-check", "--dry-run", "--no-rollout",
    "--detailed-exitcode",
  ]

  /// Help goes to standard output and is not a failure; anything else is a wrong command line.
  private static func end(parsing error: any Error, _ arguments: [String]) -> Never {
    let text = fullMessage(for: error)
    if exitCode(for: error) == .success {
      try? Output.line(HelpText.fit(text, width: Terminal.output.width))
      Glibc.exit(ExitStatus.done.rawValue)
    }
    let meant = CommandSuggestion(for: arguments, of: Self.self)?.error
    let known = meant ?? CommandError(parsing: text)
    Output.diagnostic(HelpText.fit(known.rendered(), width: Terminal.error.width))
    Glibc.exit(known.status.rawValue)
  }
}
