import ArgumentParser

/// `rundown completions`.
struct Completions: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a completion script for a shell: commands, flags, kinds, connections, job numbers.",
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

  func run() async throws {
    let script =
      switch shell {
      case .bash: Rundown.completionScript(for: .bash)
      case .zsh: Rundown.completionScript(for: .zsh)
      case .fish: Rundown.completionScript(for: .fish)
      }
    try Output.write(script + (script.hasSuffix("\n") ? "" : "\n"))
  }
}
