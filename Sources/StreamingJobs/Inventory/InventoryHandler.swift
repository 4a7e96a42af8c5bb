import JobQueue

/// A handler that adds its result to the inventory of the manifest that requested it.
struct InventoryHandler<Base: JobHandler>: JobHandler {
  let base: Base

  func run(_ parameters: Base.Parameters, context: JobContext) async throws -> Base.Output {
    let output = try await base.run(parameters, context: context)
    for write in try InventoryItem.writes(context.job, output: output, at: context.clock.now()) {
      try context.record(write)
    }
    return output
  }

  func classify(_ error: any Error) -> Verdict { base.classify(error) }
}
