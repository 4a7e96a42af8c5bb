/// Where jobs are kept: all roles of a store in one. Code that needs one role asks for that role only.
///
/// All verbs are atomic: each happens completely or not at all, and is durable when it returns. A verb that throws
/// ``JobStoreError/Code/outcomeUnknown`` may have happened.
///
/// The fence: a verb that takes a ``Lease`` changes a job only while it is `running` under exactly that owner and
/// token. A store never moves a job from one state to another outside the table of ``JobState/successors``, and the
/// consequences of a verb follow the pure rules: ``AttemptEnd``, ``LostJob``, ``CancelRequest``, ``WaitReason``,
/// ``Gate``, ``BudgetRule``, ``JobLimits``. The time is passed as `now`; a store never reads a clock.
public protocol JobStore: EnqueueStore, LeaseStore, JournalStore, MaintenanceStore, OperatorStore, QueryStore {}
