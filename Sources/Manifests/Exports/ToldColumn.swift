/// What an export tells of a stream beside what was asked for: a sheet may have these columns, and they ask for nothing.
package enum ToldColumn: String, Sendable, CaseIterable {
  /// Where the stream is played.
  case playbackURL
  /// How its map entry stands: `present`, or the state of the job that sees to it.
  case state
  /// When its map entry was last seen to be as asked for.
  case verifiedAt
  /// The manifest that it belongs to.
  case manifest
}
