/**
 * Messages between server nodes. At most once: a message may be lost while a node is cut off, and then its gap
 * handlers are called once it is back, so that it compares versions with the database. Messages of one publisher on
 * one channel arrive in order. A publisher that has subscribed to the channel gets its own messages too.
 */
export interface Bus {
  /** Resolves when the message has left this node; rejects if it can't. */
  publish(channel: string, message: string): Promise<void>
  /** Resolves, once messages will arrive, to a function that ends the subscription. */
  subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>>
  /** Called after messages may have been lost. Gives a function that takes the handler off. */
  onGap(handler: () => void): () => void
  health(): 'up' | 'down'
  close(): Promise<void>
}
