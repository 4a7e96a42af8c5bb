import FoundationEssentials

/// Where the invoices go: a folder in place of a mail provider. As at a provider, a mail is found again by what it is
/// about.
struct Mailbox: Sendable {
  private let folder: String

  init(folder: String) throws {
    self.folder = folder
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  /// The name of the mail that carries the invoice; nil when there is none.
  func sent(_ invoice: Int) throws -> String? {
    FileManager.default.fileExists(atPath: path(invoice)) ? name(invoice) : nil
  }

  /// Sends the invoice; answers the mail's name.
  func send(_ invoice: Int) throws -> String {
    try Data("Please pay invoice \(invoice).\n".utf8).write(
      to: URL(filePath: path(invoice)), options: .withoutOverwriting)
    return name(invoice)
  }

  /// How many mails were sent.
  var count: Int {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder).count }
  }

  private func name(_ invoice: Int) -> String { "invoice-\(invoice).txt" }

  private func path(_ invoice: Int) -> String { "\(folder)/\(name(invoice))" }
}
