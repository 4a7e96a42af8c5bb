import Testing

/// One trial at a time: each has a machine's worth of processes, and they are to disturb nobody but each other.
@Suite("Trials with real processes", .serialized)
enum Trials {}
