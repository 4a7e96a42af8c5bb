import ArgumentParser

/// `rundown completions`.
struct Completions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a shell completion script: commands, options, kinds, connections, job numbers.",
    discussion: """
      EXAMPLES:
        rundown completions bash > ~/.local/share/bash-completion/completions/rundown
        rundown completions zsh > "${fpath[1]}/_rundown"
        rundown completions fish > ~/.config/fish/completions/rundown.fish
      """)

  /// The shells that are known.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "The shell.")
  var shell: Shell

  @OptionGroup var options: GlobalOptions

  /// Asks whoever runs the command, and so knows all of them, for the script.
  struct Request: Error {
    let shell: CompletionShell
  }

  func run() async throws {
    switch shell {
    case .bash: throw Request(shell: .bash)
    case .zsh: throw Request(shell: .zsh)
    case .fish: throw Request(shell: .fish)
    }
  }
}
