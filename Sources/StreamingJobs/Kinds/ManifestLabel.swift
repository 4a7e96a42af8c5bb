/// The labels by which jobs of a manifest are found; they override the user's own labels of the same names.
public enum ManifestLabel {
  /// The manifest; jobs without it belong to none.
  public static let manifest = "manifest"
  /// The stream; jobs without it are shared by several.
  public static let stream = "stream"
  /// The wave of a rollout, from 1.
  public static let wave = "wave"
}
