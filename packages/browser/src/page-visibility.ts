/** False on a server. */
export const inBrowser: boolean = typeof document !== 'undefined'

/** A page that is hidden for this long does without news until it is looked at again. */
const PAUSE_AFTER_MS = 60_000

export interface PageEvents {
  /** It may be left: perhaps the last chance to do something. */
  leave(): void
  /** It has been hidden for a while. */
  pause(): void
  /** It is visible. */
  look(): void
}

/** Watches the page. Returns a function that ends it. */
export function watchPage({ leave, pause, look }: PageEvents): () => void {
  if (!inBrowser) return () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const change = (): void => {
    clearTimeout(timer)
    if (document.visibilityState === 'hidden') {
      // Some browsers only tell this when a page is left, some only the other.
      leave()
      timer = setTimeout(pause, PAUSE_AFTER_MS)
    } else look()
  }
  document.addEventListener('visibilitychange', change)
  addEventListener('pagehide', leave)
  change()
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', change)
    removeEventListener('pagehide', leave)
  }
}
