import Wire

extension Occurrence {
  /// The job that a template makes of it.
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

  /// What stands for the placeholders needs no escapes in JSON: names of schedules and events are checked for that.
  private func filled(_ text: String) -> String {
    text.replacing("{occurrence}", with: key)
      .replacing("{planned}", with: InternetTime.text(planned.wholeSeconds))
      .replacing("{latest}", with: InternetTime.text(latest.wholeSeconds))
  }
}
