import Crypto
import Secrets

/// Caches the signing keys of the day: this saves four HMACs for every request after the first.
actor SigningKeyCache {
  private struct Name: Hashable {
    var secret: Secret
    var date: String
    var region: String
    var service: String
  }

  private var keys: [Name: SymmetricKey] = [:]
  private let capacity = 64

  func key(secret: Secret, scope: SigV4.Scope) -> SymmetricKey {
    let name = Name(secret: secret, date: scope.date, region: scope.region, service: scope.service)
    if let known = keys[name] { return known }
    // Yesterday's keys are useless, and regions are few: emptying is simpler than aging and just as good.
    if keys.count >= capacity { keys.removeAll() }
    let key = SigV4.signingKey(secret: secret, scope: scope)
    keys[name] = key
    return key
  }
}
