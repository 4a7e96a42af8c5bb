public import JobQueue

/// What a worker needs of a store: all of its roles but those of who enqueues and of operators. Each part of the worker
/// takes the one role that it uses.
public typealias WorkerStore = LeaseStore & JournalStore & MaintenanceStore & QueryStore
