/// How long Wowza Video may still make what was asked for when no answer came.
public enum WowzaVideoLateEffects {
  /// Longer than our own wait for an answer, and than servers usually work on one request. The provider names no number.
  public static let standard = Duration.seconds(120)
}
