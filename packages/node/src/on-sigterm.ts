const closers = new Set<() => Promise<void>>()

async function onSignal(signal: NodeJS.Signals): Promise<void> {
  const open = [...closers]
  closers.clear()
  process.off('SIGTERM', handler)
  const alone = process.listenerCount('SIGTERM') === 0
  await Promise.all(open.map(close => close()))
  // With nobody else to decide on it the signal does what it would have done without us.
  if (alone) process.kill(process.pid, signal)
}

function handler(signal: NodeJS.Signals): void {
  void onSignal(signal)
}

/**
 * Calls `close` when the process is asked to end (SIGTERM), once. Returns a function that takes it off again. All
 * clients share one handler, which is there only while somebody needs it.
 */
export function onSigterm(close: () => Promise<void>): () => void {
  if (closers.size === 0) process.on('SIGTERM', handler)
  closers.add(close)
  return () => {
    if (closers.delete(close) && closers.size === 0) process.off('SIGTERM', handler)
  }
}
