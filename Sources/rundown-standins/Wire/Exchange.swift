import Hummingbird
import NIOCore

/// Hummingbird's context of one request; it keeps the channel because a fault closes it.
struct Exchange: RequestContext {
  var coreContext: CoreRequestContextStorage
  let channel: any Channel

  init(source: ApplicationRequestContextSource) {
    coreContext = CoreRequestContextStorage(source: source)
    channel = source.channel
  }
}
