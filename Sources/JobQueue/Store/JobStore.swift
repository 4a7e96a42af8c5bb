/// Where jobs live: all roles of a store in one. Whoever needs one role only asks for that one.
///
/// All verbs are atomic: each happens wholly or not at all, and is durable when it returns. One that throws
/// ``JobStoreError/Code/outcomeUnknown`` may have happened.
///
/// The fence: a verb that takes a ``Lease`` changes a job only while it is `running` under exactly that owner and token.
/// A store never lets a job go from one state to another outside the table of ``JobState/successors``, and what follows
/// from a verb is as the pure rules say: ``AttemptEnd``, ``LostJob``, ``CancelRequest``, ``WaitReason``, ``Gate``,
/// ``BudgetRule``, ``JobLimits``. Time comes in as `now`; a store never reads a clock.
public protocol JobStore: EnqueueStore, LeaseStore, JournalStore, MaintenanceStore, OperatorStore, QueryStore {}
