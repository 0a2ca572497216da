import { randomBytes } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** The random text in a file that only its owner may read; drawn the first time. */
export async function keptSecret(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (!isCode(error, 'ENOENT')) throw error
  }
  const drawn = randomBytes(32).toString('base64url')
  await writeFile(path, `${drawn}\n`, { mode: 0o600, flag: 'wx' })
  return drawn
}
