import { type Now, steady } from './steady.ts'

/** The same failure is reported again after this long. */
const AGAIN_AFTER_MS = 60_000

/** Passes on what fails in the background, but not the same failure each second: a database may be away for an hour. */
export function quietErrors(clock: Now, report: (error: unknown) => void): (error: unknown) => void {
  const reported = new Map<string, number>()
  return error => {
    const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    const now = steady(clock).now()
    for (const [known, at] of reported) if (now - at >= AGAIN_AFTER_MS) reported.delete(known)
    if (reported.has(message)) return
    reported.set(message, now)
    report(error)
  }
}
