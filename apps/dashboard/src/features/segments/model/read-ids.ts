/** Ids that were pasted or read from a file. */
export interface ReadIds {
  readonly ids: readonly string[]
  /** How many stood there again; each counts once. */
  readonly repeated: number
  /** How many were longer than an id may be, and are left out. */
  readonly tooLong: number
}

export const MOST_IDS = 1_000_000
const LONGEST = 200

const EDGES = /^["'\s]+|["'\s]+$/g

/**
 * Collects ids from pieces of text, each id on its own line or after a comma, a semicolon or a tab. A piece may end in
 * the middle of an id.
 */
export class IdReader {
  readonly #ids = new Set<string>()
  #rest = ''
  #repeated = 0
  #tooLong = 0

  get count(): number {
    return this.#ids.size
  }

  add(text: string): void {
    const parts = (this.#rest + text).split(/[\n\r,;\t]/)
    this.#rest = parts.pop() ?? ''
    for (const part of parts) this.#take(part)
  }

  end(): ReadIds {
    this.#take(this.#rest)
    this.#rest = ''
    return { ids: [...this.#ids], repeated: this.#repeated, tooLong: this.#tooLong }
  }

  #take(part: string): void {
    const id = part.replace(EDGES, '')
    if (id === '') return
    if (id.length > LONGEST) this.#tooLong++
    else if (this.#ids.has(id)) this.#repeated++
    else this.#ids.add(id)
  }
}

const PIECE = 200_000

/** Reads a long text bit by bit and lets the page breathe in between. `progress` gets how many ids there are so far. */
export async function readText(text: string, progress: (ids: number) => void): Promise<ReadIds> {
  const reader = new IdReader()
  for (let at = 0; at < text.length; at += PIECE) {
    reader.add(text.slice(at, at + PIECE))
    progress(reader.count)
    await new Promise(resolve => setTimeout(resolve))
  }
  return reader.end()
}

/** Reads a file as it comes from the disk, never all of its text at once. */
export async function readFile(file: Blob, progress: (ids: number) => void): Promise<ReadIds> {
  const reader = new IdReader()
  const decoder = new TextDecoder()
  for (let at = 0; at < file.size; at += PIECE) {
    reader.add(decoder.decode(await file.slice(at, at + PIECE).arrayBuffer(), { stream: true }))
    progress(reader.count)
  }
  reader.add(decoder.decode())
  return reader.end()
}

export type CombineMode = 'replace' | 'add' | 'remove'

/** What becomes of a list when ids are given to it. */
export function combineIds(known: readonly string[], given: readonly string[], mode: CombineMode): readonly string[] {
  if (mode === 'replace') return given
  if (mode === 'add') return [...new Set([...known, ...given])]
  const gone = new Set(given)
  return known.filter(id => !gone.has(id))
}
