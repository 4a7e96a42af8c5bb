/// Whose budget, and of what: a provider lets an account make so many things of a kind within a time.
public struct BudgetKey: Sendable, Hashable, Codable {
  /// The account, in the words of its gate, such as `wowza-video:main`.
  public var account: String
  /// What is made, such as `live-streams`.
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
  /// The sliding window: a unit is free again so long after it was taken.
  public var window: Duration

  /// Creates a demand.
  public init(key: BudgetKey, size: Int, window: Duration) {
    self.key = key
    self.size = size
    self.window = window
  }
}

/// What a store says to a demand.
public enum BudgetAnswer: Sendable, Hashable {
  /// There is a unit; with an effect named it is taken.
  case granted
  /// All are taken: the job's turn comes at a moment.
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
  /// How many jobs stand in line before it.
  public var ahead: Int
  /// When a unit is free for this job, those before it served.
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

/// How a budget stands.
public struct BudgetStatus: Sendable, Hashable, Codable {
  /// Which one.
  public var key: BudgetKey
  /// How many units there are within the window.
  public var size: Int
  /// The sliding window.
  public var window: Duration
  /// How many are taken now, also by others.
  public var used: Int
  /// How many of those we did not take: the provider said "limit reached" while our own count had room.
  public var learned: Int
  /// When the next unit is free, no matter who gets it; nil while one is free.
  public var nextSlot: Timestamp?
  /// How many jobs wait for their turn.
  public var waiting: Int
  /// When the turn of the last one comes.
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

/// An error that may say: the provider's own count of this budget is full.
public protocol BudgetRefusal: Error {
  /// Whether that is what it says.
  var saysBudgetIsSpent: Bool { get }
  /// When the provider asks us to come back, if it does.
  var budgetRetryAfter: Duration? { get }
}
