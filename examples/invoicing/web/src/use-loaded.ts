import { useEffect, useState } from 'react'

export type Loaded<T> =
  | { readonly state: 'loading' }
  | { readonly state: 'there'; readonly data: T }
  | { readonly state: 'failed'; readonly message: string }

/** Loads once, and again when `load` is another function. An answer that comes too late is dropped. */
export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [loaded, setLoaded] = useState<Loaded<T>>({ state: 'loading' })
  useEffect(() => {
    let current = true
    const settle = (next: Loaded<T>) => {
      if (current) setLoaded(next)
    }
    setLoaded({ state: 'loading' })
    load().then(
      data => settle({ state: 'there', data }),
      (error: unknown) => settle({ state: 'failed', message: error instanceof Error ? error.message : String(error) }),
    )
    return () => {
      current = false
    }
  }, [load])
  return loaded
}
