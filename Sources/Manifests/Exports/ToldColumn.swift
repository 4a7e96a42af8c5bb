/// A stream's status in an export: a sheet may contain these columns, and apply ignores them.
package enum ToldColumn: String, Sendable, CaseIterable {
  /// The stream's playback URL.
  case playbackURL
  /// The state of its map entry: `present`, or the state of its job.
  case state
  /// When its map entry was last verified to be as requested.
  case verifiedAt
  /// The manifest that it belongs to.
  case manifest
}
