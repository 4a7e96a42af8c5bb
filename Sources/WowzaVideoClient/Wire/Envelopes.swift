/// One record inside the object that names its type, such as `{"live_stream": {…}}`.
struct Wrapped<Record: Decodable>: Decodable {
  private struct Member: Decodable {
    let record: Record?

    init(from decoder: any Decoder) throws {
      record = try? Record(from: decoder)
    }
  }

  private let members: [String: Member]

  init(from decoder: any Decoder) throws {
    members = try decoder.singleValueContainer().decode([String: Member].self)
  }

  /// The record under the first of these names that is there.
  func record(_ names: [String]) -> Record? {
    names.lazy.compactMap { members[$0]?.record }.first
  }
}

/// One page of a list.
struct Page<Record: Decodable>: Decodable {
  let records: [String: [Record]]
  /// How many pages there are; nil when the answer does not say, then it is the only one.
  let totalPages: Int64?

  private enum Member: Decodable {
    case list([Record])
    case pagination(totalPages: Int64?)
    case other

    init(from decoder: any Decoder) throws {
      if let list = try? decoder.singleValueContainer().decode([Record].self) {
        self = .list(list)
      } else if let fields = try? LenientFields(decoder), let pages = fields.whole("total_pages") {
        self = .pagination(totalPages: pages)
      } else {
        self = .other
      }
    }
  }

  init(from decoder: any Decoder) throws {
    var lists: [String: [Record]] = [:]
    var pages: Int64?
    for (name, member) in try decoder.singleValueContainer().decode([String: Member].self) {
      switch member {
      case .list(let list): lists[name] = list
      case .pagination(let total) where name == "pagination": pages = total
      case .pagination, .other: break
      }
    }
    records = lists
    totalPages = pages
  }
}
