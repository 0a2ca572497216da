import { randomBytes, randomUUID } from 'node:crypto'

export const newId = (): string => randomUUID()

/** A flag's salt: 12 random bytes, drawn once. */
export const newSalt = (): string => randomBytes(12).toString('base64url')
