import Presentation
import Threading

// @unchecked is sound: `shown` is accessed only while `lock` is held.
/// The progress of something that takes long, on a line of standard error that is overwritten; only on a terminal.
final class ShareLine: @unchecked Sendable {
  private let what: String
  private let lock = Lock()
  private var shown: Int?

  /// - Parameter what: what is being done, such as `copying`.
  init(_ what: String) { self.what = what }

  /// Shows a share from 0 to 1.
  func show(_ share: Double) {
    guard Terminal.error.isTerminal else { return }
    let percent = Int(share * 100)
    lock.locked {
      guard shown != percent else { return }
      shown = percent
      Output.progress("\(what) \(percent)%")
    }
  }

  /// Removes the line.
  func end() { lock.locked { if shown != nil { Output.progress("") } } }
}
