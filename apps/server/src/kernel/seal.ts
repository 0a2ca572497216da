import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'

/** Seals what must be shown to others later and can therefore not be hashed: tokens of other systems. */
export interface Sealer {
  /** `about` (the row that it belongs to) is needed to open it: a sealed text moved to another row stays shut. */
  seal(text: string, about: string): Buffer
  /** Throws if it was sealed with another key, about something else, or changed since. */
  open(sealed: Buffer, about: string): string
}

const NONCE = 12
const TAG = 16

/** AES-256-GCM (NIST SP 800-38D) with a key drawn from `secret` by HKDF (RFC 5869). Sealed: nonce, tag, ciphertext. */
export function createSealer(secret: string): Sealer {
  const key = Buffer.from(hkdfSync('sha256', secret, '', 'dimmer sealed secrets v1', 32))
  return {
    seal(text, about) {
      const nonce = randomBytes(NONCE)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), body])
    },
    open(sealed, about) {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
      decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(NONCE, NONCE + TAG))
      return Buffer.concat([decipher.update(sealed.subarray(NONCE + TAG)), decipher.final()]).toString('utf8')
    },
  }
}
