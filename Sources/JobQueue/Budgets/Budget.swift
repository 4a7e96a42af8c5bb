/// Whose budget, and for what: a provider lets an account create only a limited number of things of a kind within a
/// time.
public struct BudgetKey: Sendable, Hashable, Codable {
  /// The account, named as its gate is, such as `wowza-video:main`.
  public var account: String
  /// What is created, such as `live-streams`.
  public var resource: String

  /// Creates a key.
  public init(account: String, resource: String) {
    self.account = account
    self.resource = resource
  }
}

/// A budget that an effect needs one unit of.
public struct BudgetDemand: Sendable, Hashable, Codable {
  /// Which one.
  public var key: BudgetKey
  /// How many units there are within the window.
  public var size: Int
  /// The sliding window: a unit is free again this long after it was taken.
  public var window: Duration

  /// Creates a demand.
  public init(key: BudgetKey, size: Int, window: Duration) {
    self.key = key
    self.size = size
    self.window = window
  }
}

/// A store's answer to a demand.
public enum BudgetAnswer: Sendable, Hashable {
  /// A unit is free; if the demand names an effect, the unit is taken.
  case granted
  /// All units are taken: the job's turn comes at a certain time.
  case wait(BudgetWait)
}

/// A job that waits for its turn.
public struct BudgetWait: Sendable, Hashable, Codable {
  /// What it waits for.
  public var key: BudgetKey
  /// How many units there are.
  public var size: Int
  /// How many are taken now.
  public var used: Int
  /// How many jobs are ahead of it in line.
  public var ahead: Int
  /// When a unit is free for this job, after those ahead of it got theirs.
  public var slot: Timestamp

  /// Creates a wait; used by stores.
  public init(key: BudgetKey, size: Int, used: Int, ahead: Int, slot: Timestamp) {
    self.key = key
    self.size = size
    self.used = used
    self.ahead = ahead
    self.slot = slot
  }
}

/// The state of a budget.
public struct BudgetStatus: Sendable, Hashable, Codable {
  /// Which one.
  public var key: BudgetKey
  /// How many units there are within the window.
  public var size: Int
  /// The sliding window.
  public var window: Duration
  /// How many are taken now, including by others.
  public var used: Int
  /// How many of those we did not take: the provider said "limit reached" although our own count had room.
  public var learned: Int
  /// When the next unit is free, no matter who gets it; nil while one is free.
  public var nextSlot: Timestamp?
  /// How many jobs wait in line.
  public var waiting: Int
  /// When the last of them gets its turn.
  public var finish: Timestamp?

  /// Creates a status; used by stores.
  public init(
    key: BudgetKey, size: Int, window: Duration, used: Int, learned: Int, nextSlot: Timestamp?, waiting: Int,
    finish: Timestamp?
  ) {
    self.key = key
    self.size = size
    self.window = window
    self.used = used
    self.learned = learned
    self.nextSlot = nextSlot
    self.waiting = waiting
    self.finish = finish
  }
}

/// An error that can report that the provider's own count of this budget is full.
public protocol BudgetRefusal: Error {
  /// Whether it reports that.
  var saysBudgetIsSpent: Bool { get }
  /// How long the provider asks us to wait, if it does.
  var budgetRetryAfter: Duration? { get }
}
