/**
 * Messages between server nodes.
 *
 * - At most once: a message may be lost while a node is cut off. Once the node is back its gap handlers are called, so
 *   that it compares versions with the database.
 * - Messages of one publisher arrive in the order in which it published them.
 * - A publisher that has subscribed to the channel gets its own messages too, and never inside `publish` itself.
 * - A message is any text without NUL and without half surrogate pairs (such as JSON), of any length within reason; a
 *   channel's name is one line.
 */
export interface Bus {
  /** Resolves when the message has left this node; rejects if it can't, as while the bus is down. */
  publish(channel: string, message: string): Promise<void>
  /**
   * Resolves to a function that ends the subscription, once messages will arrive. While the bus is down it resolves at
   * once, and a gap will be announced. What a handler throws is reported and does not reach others.
   */
  subscribe(channel: string, handler: (message: string) => void): Promise<() => Promise<void>>
  /** Called after messages may have been lost. Gives a function that takes the handler off. */
  onGap(handler: () => void): () => void
  health(): 'up' | 'down'
  /** Ends all subscriptions. Later calls of `publish` and `subscribe` reject. */
  close(): Promise<void>
}
