/// One thing at a provider that a job of the storm asks for.
struct Thing: Hashable, Sendable, Comparable {
  enum Kind: String, Sendable, CaseIterable {
    case mapEntry, target, liveStream, upload
  }

  /// The two accounts of Wowza Video; the token of `late` is an expired one at first.
  enum Account: String, Sendable, CaseIterable {
    case main, late
  }

  let kind: Kind
  /// The engine, the account, or the bucket.
  let place: String
  /// The entry, the bucket that is served, the asset, or the key.
  let name: String

  static let bucket = "rundown-storm"

  static func < (left: Thing, right: Thing) -> Bool {
    (left.kind.rawValue, left.place, left.name) < (right.kind.rawValue, right.place, right.name)
  }

  static func upload(_ key: String) -> Thing { Thing(kind: .upload, place: bucket, name: key) }

  /// Everything that has to exist in the end, and nothing else.
  static func wanted(_ plan: StormPlan) -> Set<Thing> {
    var wanted: Set<Thing> = []
    func add(_ kind: Kind, _ word: String, _ count: Int, at places: [String]) {
      for number in 0..<count {
        let digits = String(number + 1)
        let name = "\(word)-\(String(repeating: "0", count: max(0, 3 - digits.count)))\(digits)"
        wanted.insert(Thing(kind: kind, place: places[number % places.count], name: name))
      }
    }
    let accounts = Account.allCases.map(\.rawValue)
    add(.mapEntry, "cam", plan.mapEntries, at: plan.engines)
    add(.target, "bucket", plan.targets, at: accounts)
    add(.liveStream, "asset", plan.restreams, at: accounts)
    add(.upload, "small", plan.smallUploads, at: [bucket])
    add(.upload, "large", plan.largeUploads, at: [bucket])
    return wanted
  }

  /// How many there are of each kind.
  static func counts(_ things: Set<Thing>) -> [Kind: Int] {
    Dictionary(grouping: things, by: \.kind).mapValues(\.count)
  }
}
