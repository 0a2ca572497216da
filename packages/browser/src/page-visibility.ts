/** False on a server. */
export const inBrowser: boolean = typeof document !== 'undefined'

/** A page that is hidden for this long does without news until it is looked at again. */
const PAUSE_AFTER_MS = 60_000

export interface PageEvents {
  /** It may be left: perhaps the last chance to do something. */
  leave(): void
  /** It has been hidden for a while. */
  pause(): void
  /** It is visible again after a pause. */
  resume(): void
}

/** Watches the page. Returns a function that ends it. */
export function watchPage({ leave, pause, resume }: PageEvents): () => void {
  if (!inBrowser) return () => undefined
  let paused = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = (): void => {
    clearTimeout(timer)
    if (document.visibilityState === 'hidden') {
      // Some browsers only tell this when a page is left, some only the other.
      leave()
      timer = setTimeout(() => {
        paused = true
        pause()
      }, PAUSE_AFTER_MS)
    } else if (paused) {
      paused = false
      resume()
    }
  }
  document.addEventListener('visibilitychange', look)
  addEventListener('pagehide', leave)
  look()
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
    removeEventListener('pagehide', leave)
  }
}
