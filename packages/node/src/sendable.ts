/** The server takes 100 levels for a whole batch. */
const MAX_LEVELS = 50
const BROKEN_IN_JSON = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f])/

function levelsOf(json: string): number {
  let depth = 0
  let deepest = 0
  for (const [bracket] of json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '').matchAll(/[[\]{}]/g)) {
    depth += bracket === '[' || bracket === '{' ? 1 : -1
    deepest = Math.max(deepest, depth)
  }
  return deepest
}

/** What the server would not take in a value that was written as JSON; undefined: nothing. */
export function unsendableInJson(json: string): string | undefined {
  if (BROKEN_IN_JSON.test(json)) return 'contain a NUL character or broken Unicode'
  return levelsOf(json) > MAX_LEVELS ? `are nested more than ${MAX_LEVELS} levels deep` : undefined
}
