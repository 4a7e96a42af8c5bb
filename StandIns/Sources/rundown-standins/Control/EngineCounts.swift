/// What was done to one engine since the start or the last reset.
enum EngineCounts {
  static func json(_ applications: [String: EngineApplication], requests: Int) -> JSONValue {
    let maps = applications.sorted { $0.key < $1.key }.map { ($0.key, $0.value.map) }
    let creations = maps.flatMap { application, map in
      map.created.sorted { $0.key < $1.key }.map { name, times -> JSONValue in
        ["application": .string(application), "name": .string(name), "times": .integer(times)]
      }
    }
    let created = maps.reduce(0) { $0 + $1.1.created.values.reduce(0, +) }
    return [
      "requests": .integer(requests),
      "created": .integer(created),
      "updated": .integer(maps.reduce(0) { $0 + $1.1.updated }),
      "deleted": .integer(maps.reduce(0) { $0 + $1.1.deleted }),
      "conflicts": .integer(maps.reduce(0) { $0 + $1.1.conflicts }),
      "creations": .array(creations),
      // An engine refuses a second entry with the same name, so more than one creation means that it was deleted and
      // created again.
      "duplicates": .integer(created - creations.count),
    ]
  }
}
