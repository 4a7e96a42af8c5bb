import Glibc

/// The preferred date format of HTTP servers: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110, 5.6.7).
package enum HTTPDate {
  /// Seconds since 1970; nil if the text is not such a date.
  package static func seconds(_ text: String) -> Int64? {
    let words = text.split(separator: " ")
    guard words.count == 6, words[5] == "GMT" || words[5] == "UTC", let day = Int32(words[1]),
      let month = months.firstIndex(of: words[2]), let year = Int32(words[3]), (1...9999).contains(year)
    else { return nil }
    let clock = words[4].split(separator: ":").compactMap { Int32($0) }
    guard clock.count == 3, (0...23).contains(clock[0]), (0...59).contains(clock[1]), (0...60).contains(clock[2]) else {
      return nil
    }
    var parts = tm()
    (parts.tm_year, parts.tm_mon, parts.tm_mday) = (year - 1900, Int32(month), day)
    (parts.tm_hour, parts.tm_min) = (clock[0], clock[1])
    // timegm moves a day beyond the end of a month to the next one, which shows in the changed day. The seconds are
    // added separately, since a leap second would change the day as well.
    let minute = timegm(&parts)
    return parts.tm_mday == day ? Int64(minute) + Int64(clock[2]) : nil
  }

  private static let months: [Substring] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]
}
