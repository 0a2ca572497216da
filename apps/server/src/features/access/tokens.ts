import { createHash, randomBytes } from 'node:crypto'

/** A secret of 192 random bits that can't be guessed, so a plain hash of it is enough to keep. */
export const newToken = (prefix = ''): string => `${prefix}${randomBytes(24).toString('base64url')}`

/** What is kept of a token. */
export const hashToken = (token: string): Buffer => createHash('sha256').update(token).digest()
