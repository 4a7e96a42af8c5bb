import Wire

extension Occurrence {
  /// The job that a template defines for this occurrence.
  func job(by template: JobTemplate, labels: [String: String]) -> NewJob {
    var labels = labels
    labels[OccurrenceLabel.schedule] = schedule
    labels[OccurrenceLabel.event] = event
    labels[OccurrenceLabel.occurrence] = key
    labels[OccurrenceLabel.role] = template.role
    if revivals > 0 { labels[OccurrenceLabel.revival] = "\(revivals)" }
    return NewJob(
      kind: template.kind, queue: template.queue, payload: filled(template.payload),
      payloadVersion: template.payloadVersion, gate: template.gate, concurrencyKey: template.concurrencyKey,
      runAt: at + .seconds(template.offsetSeconds), labels: labels, maxAttempts: template.maxAttempts)
  }

  /// The values for the placeholders need no escaping in JSON: the names of schedules and events are checked for that.
  private func filled(_ text: String) -> String {
    text.replacing("{occurrence}", with: key)
      .replacing("{planned}", with: InternetTime.text(planned.wholeSeconds))
      .replacing("{latest}", with: InternetTime.text(latest.wholeSeconds))
  }
}
