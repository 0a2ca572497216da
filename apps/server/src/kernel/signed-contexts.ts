import { createHmac } from 'node:crypto'
import { type Context, unitAttribute, unitReader } from '@dimmer/engine'
import { MAX_SIGNED_CONTEXT, type SigningRules, type Track } from '@dimmer/protocol'
import { z } from 'zod'
import { canonicalJson } from './canonical-json.ts'
import { AppError } from './errors.ts'
import { sameText } from './same-text.ts'

/** So far may the clock of the application's server be off. */
const CLOCK_TOLERANCE_MS = 60_000
/** Signed for longer than this is signed for ever: somebody forgot that a page can be left open. */
const LONGEST_MS = 31 * 24 * 3_600_000
/** A track may have waited in a page that was offline. */
const TRACK_PATIENCE_MS = 3_600_000

const headerSchema = z.object({ alg: z.literal('HS256'), crit: z.undefined().optional() })
const payloadSchema = z.object({
  exp: z.number(),
  nbf: z.number().optional(),
  context: z.record(z.string(), z.unknown()),
})
type Payload = z.infer<typeof payloadSchema>

const invalid = (message: string): AppError => new AppError('signature-invalid', message)

function decoded(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

/** The payload of a JWT (RFC 7519) if one of the secrets has signed it with HS256, and by which. */
function payloadOf(token: string, secrets: SigningRules['secrets']): { payload: Payload; secretId: string } {
  const [header = '', body = '', signature = '', ...more] = token.split('.')
  const isSignedBy = ({ secret }: { readonly secret: string }): boolean =>
    sameText(signature, createHmac('sha256', secret).update(`${header}.${body}`).digest('base64url'))
  const signer = secrets.find(isSignedBy)
  if (signer === undefined || more.length > 0) {
    throw invalid('The signed context was changed, or signed with a secret that this environment does not have.')
  }
  if (!headerSchema.safeParse(decoded(header)).success) {
    throw invalid('A context is signed with HS256 and nothing else, and without "crit".')
  }
  const payload = payloadSchema.safeParse(decoded(body))
  if (!payload.success) {
    throw invalid('A signed context holds "context", a JSON object, and "exp", seconds since 1970.')
  }
  return { payload: payload.data, secretId: signer.id }
}

function assertInTime({ exp, nbf }: Payload, now: number, patienceMs: number): void {
  if (exp * 1_000 + CLOCK_TOLERANCE_MS + patienceMs <= now) {
    throw new AppError('signature-expired', 'The signature of the context has run out; have it signed again.')
  }
  if (exp * 1_000 > now + LONGEST_MS) throw invalid('A context is signed for 31 days at the most.')
  if (nbf !== undefined && nbf * 1_000 > now + CLOCK_TOLERANCE_MS) {
    throw invalid('The signature of the context is not valid yet ("nbf").')
  }
}

/** What may be believed of the contexts that come with browser keys of one environment, which anybody can read. */
export class SignedContexts {
  readonly rules: SigningRules
  readonly #onUsed: (secretId: string) => void

  /** `onUsed` is told which secret has signed. */
  constructor(rules: SigningRules, onUsed: (secretId: string) => void = () => undefined) {
    this.rules = rules
    this.#onUsed = onUsed
  }

  /**
   * The context to evaluate for: what was sent, with what was signed. Throws `signature-invalid`, `signature-expired` or
   * `signature-required`.
   */
  admit(context: Context, now: number): Context {
    const { signedContext, ...sent } = context
    const signed = this.#open(signedContext, now, 0)
    for (const [attribute, value] of Object.entries(sent)) {
      if (Object.hasOwn(signed, attribute)) {
        if (canonicalJson(signed[attribute]) !== canonicalJson(value)) throw notAsSigned(attribute)
      } else if (value !== null && this.#mustBeSigned(attribute)) throw notSigned(attribute)
    }
    return { ...sent, ...signed }
  }

  /** Why a track is refused: it is for units that the sender may not speak for. Undefined if it isn't. As `admit`. */
  problemOf({ units, signedContext }: Track, now: number): AppError | undefined {
    try {
      const signed = this.#open(signedContext, now, TRACK_PATIENCE_MS)
      for (const [unit, id] of Object.entries(units)) this.#admitUnit(unit, id, signed)
      return undefined
    } catch (error) {
      if (error instanceof AppError) return error
      throw error
    }
  }

  #admitUnit(unit: string, id: string, signed: Context): void {
    const attribute = unitAttribute(unit, this.rules.units)
    if (attribute === undefined) return
    const own = unitReader(unit, this.rules.units)?.(signed)
    if (own === undefined && this.#mustBeSigned(attribute)) throw notSigned(attribute)
    if (own !== undefined && own !== id) throw notAsSigned(attribute)
  }

  #open(token: unknown, now: number, patienceMs: number): Context {
    if (token === undefined || token === null) return {}
    if (typeof token !== 'string' || token.length > MAX_SIGNED_CONTEXT) {
      throw invalid(`"signedContext" is a text of ${MAX_SIGNED_CONTEXT} characters at the most.`)
    }
    const { payload, secretId } = payloadOf(token, this.rules.secrets)
    assertInTime(payload, now, patienceMs)
    this.#onUsed(secretId)
    return payload.context
  }

  /** Also what lies below an attribute that must be signed, and what it lies in. */
  #mustBeSigned(attribute: string): boolean {
    return this.rules.required.some(
      path => path === attribute || path.startsWith(`${attribute}.`) || attribute.startsWith(`${path}.`),
    )
  }
}

const notAsSigned = (attribute: string): AppError => invalid(`The attribute "${attribute}" is not as it was signed.`)

const notSigned = (attribute: string): AppError =>
  new AppError(
    'signature-required',
    `Browsers may send the attribute "${attribute}" only if it was signed (signContext of @dimmer/node, or any JWT library).`,
  )
