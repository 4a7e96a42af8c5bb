/// Something a worker did, and when by ``Stopwatch``.
struct Mark: Sendable {
  enum Event: Sendable {
    case started
    case leased
    case entered(number: Int)
    case recorded
  }

  var event: Event
  var at: Int64

  init(_ event: Event) {
    self.event = event
    at = Stopwatch.now()
  }
}
