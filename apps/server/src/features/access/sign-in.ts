import type { SignIn } from '@dimmer/protocol'
import { AppError } from '../../kernel/errors.ts'
import { RateLimit } from '../../kernel/rate-limit.ts'
import type { Clock } from '../../ports/clock.ts'
import { type AccessDeps, MINUTE_MS } from './access-deps.ts'
import { checkPassword } from './passwords.ts'
import { selectPersonByEmail } from './people-store.ts'
import { openSession, type SessionStart } from './sessions.ts'

/** Holds back who tries passwords: from one address, on one account from one address, and on one account. */
export class SignInLimits {
  readonly #address: RateLimit
  readonly #both: RateLimit
  readonly #account: RateLimit

  constructor(clock: Clock) {
    this.#address = new RateLimit(clock, { burst: 30, everyMs: MINUTE_MS / 3 })
    this.#both = new RateLimit(clock, { burst: 8, everyMs: MINUTE_MS })
    this.#account = new RateLimit(clock, { burst: 50, everyMs: MINUTE_MS })
  }

  /** Counts an attempt; refuses with `too-many-requests` before a password is looked at. */
  attempt(ip: string, account: string): void {
    const wait = Math.max(this.#address.wait(ip), this.#both.wait(`${ip} ${account}`), this.#account.wait(account))
    if (wait > 0) {
      const seconds = Math.ceil(wait / 1_000)
      throw new AppError('too-many-requests', `Too many attempts. Try again in ${seconds} s.`, { retryAfter: seconds })
    }
    this.#address.take(ip)
    this.#both.take(`${ip} ${account}`)
    this.#account.take(account)
  }

  /** The right password was given: the account's count begins anew, and many at one address may come in. */
  succeeded(ip: string, account: string): void {
    this.#address.giveBack(ip)
    this.#both.forget(`${ip} ${account}`)
    this.#account.forget(account)
  }
}

/**
 * Signs in with e-mail address and password; gives the token of the new session. One refusal for every reason;
 * only whoever knows the password learns that the account is disabled.
 */
export async function signIn(
  deps: AccessDeps & { readonly limits: SignInLimits },
  input: SignIn,
  start: Omit<SessionStart, 'by'>,
): Promise<string> {
  deps.limits.attempt(start.origin.ip, input.email)
  const person = await selectPersonByEmail(deps.db, input.email)
  const good = await checkPassword(input.password, person?.password_hash)
  if (!good || person === undefined) {
    throw new AppError('sign-in-failed', 'The e-mail address or the password is wrong.')
  }
  deps.limits.succeeded(start.origin.ip, input.email)
  if (person.disabled_at !== null) throw new AppError('forbidden', 'Your account is disabled. Ask an admin.')
  return deps.db.transaction().execute(tx => openSession(deps, tx, person, { ...start, by: 'password' }))
}
