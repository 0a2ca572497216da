/** Messages about signed contexts: what a browser says of who it is, vouched for by the application's server. */
import { z } from 'zod'
import { attributePath } from './unit-messages.ts'

/** Longest signed context, in characters. */
export const MAX_SIGNED_CONTEXT = 8_192

/** Secrets of one environment that are valid at a time: the one in use, and the one that is to replace it. */
export const MAX_SIGNING_SECRETS = 2

/** Which attributes browsers may only send signed, all of them. Empty: none. */
export const putContextSigningSchema = z.strictObject({ attributes: z.array(attributePath).max(50) })
export type PutContextSigning = z.infer<typeof putContextSigningSchema>

export const createSigningSecretSchema = z.strictObject({
  name: z.string().trim().min(1, 'a name has at least one character').max(200),
})
export type CreateSigningSecret = z.infer<typeof createSigningSecretSchema>

export interface SigningSecretView {
  readonly id: string
  readonly name: string
  /** The first characters, to tell secrets apart. */
  readonly prefix: string
  readonly createdAt: string
  /** When a context that it signed last came; to the minute. */
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
}

/** The answer to making a secret: the only time that the secret itself is shown. */
export interface NewSigningSecret extends SigningSecretView {
  readonly secret: string
}

export interface ContextSigningView {
  /** What browsers may only send signed; dotted paths. */
  readonly attributes: readonly string[]
  readonly secrets: readonly SigningSecretView[]
}

/** `GET /sdk/v1/context-signing`: how to check signed contexts. Secrets are in it for edge keys only. */
export const signingRulesSchema = z.object({
  /** What browsers may only send signed; dotted paths. */
  required: z.array(z.string()),
  /** Custom units: name -> attribute. */
  units: z.record(z.string(), z.string()),
  secrets: z.array(z.object({ id: z.string(), secret: z.string() })),
})
export type SigningRules = z.infer<typeof signingRulesSchema>
