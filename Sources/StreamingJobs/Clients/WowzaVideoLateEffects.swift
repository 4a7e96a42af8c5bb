/// How long Wowza Video may still carry out a request that was not answered.
public enum WowzaVideoLateEffects {
  /// Longer than we wait for a response, and than servers usually work on a request. The provider publishes no number.
  public static let standard = Duration.seconds(120)
}
