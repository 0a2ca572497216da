import { randomBytes } from 'node:crypto'
import { hash, verify } from '@node-rs/argon2'

/** Argon2id with 19 MiB and 2 passes, as OWASP's cheat sheet on password storage asks for. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const

export const hashPassword = (password: string): Promise<string> => hash(password, COST)

let decoy: Promise<string> | undefined

/**
 * Checks a password. Without a hash (no such person, or none with a password) it takes as long and is false, so that
 * the time tells nobody which addresses have an account.
 */
export async function checkPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  decoy ??= hashPassword(randomBytes(24).toString('base64url'))
  const other = await decoy
  const matches = await verify(stored ?? other, password)
  return matches && stored !== null && stored !== undefined
}
