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

  /// The supported shells.
  enum Shell: String, ExpressibleByArgument, CaseIterable {
    case bash, zsh, fish
  }

  @Argument(help: "The shell.")
  var shell: Shell

  @OptionGroup var options: GlobalOptions

  /// Asks the root command for the script, because it knows all commands.
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
