import { readdirSync, readFileSync } from 'node:fs'
import { type Evaluation, openFeatureReason, type Ruleset } from '@dimmer/engine'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createManualClock, type ManualClock } from '../../adapters/manual-clock.ts'
import { guardAccess } from '../../http/access-guard.ts'
import type { App } from '../../http/app-type.ts'
import { createHttp } from '../../http/server.ts'
import { AppError } from '../../kernel/errors.ts'
import { RateLimit } from '../../kernel/rate-limit.ts'
import { Feed } from './feed.ts'
import { ofrepRoutes } from './ofrep.routes.ts'

interface SpecFile {
  readonly name: string
  readonly ruleset: Ruleset
  readonly cases: readonly {
    readonly name: string
    readonly flag: string
    readonly context: unknown
    readonly now: string
    readonly expect: Pick<Evaluation, 'reason'> & Partial<Evaluation>
  }[]
}

const folder = new URL('../../../../../spec/', import.meta.url)
const files = readdirSync(folder)
  .filter(name => name.endsWith('.json'))
  .map((name): SpecFile => JSON.parse(readFileSync(new URL(name, folder), 'utf8')))
  .filter(file => 'ruleset' in file && 'cases' in file)

/** A server of OFREP for one ruleset, for keys of servers and, with `browser` in the key, of browsers. */
async function serve(ruleset: Ruleset, clock: ManualClock): Promise<App> {
  const app = await createHttp({ logLevel: 'silent', trustedProxies: [], tls: false })
  onTestFinished(() => app.close())
  const limit = new RateLimit(clock, { burst: 1, everyMs: 1 })
  guardAccess(app, {
    authenticate: () => Promise.reject(new AppError('forbidden', 'nobody')),
    limits: { caller: limit, refused: limit },
    verifySdkKey: async key => ({
      keyId: key,
      kind: key.includes('browser') ? 'browser' : 'server',
      environmentId: 'e',
      projectId: 'p',
      expiresAt: null,
      signed: null,
    }),
    verifyStreamToken: async () => undefined,
  })
  const feed = new Feed(ruleset, clock)
  ofrepRoutes(app, { feeds: { feed: async () => feed, claimed: () => undefined, cutOff: false }, clock })
  return app
}

/** JSON that no route takes: a name that could change how objects behave. */
const isRefused = (context: unknown): boolean => JSON.stringify(context).includes('"__proto__":')
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

describe.each(files)('$name', ({ ruleset, cases }) => {
  it(`gives over OFREP what the ${cases.length} cases say`, async () => {
    const clock = createManualClock(0)
    const app = await serve(ruleset, clock)
    for (const { name, flag, context, now, expect: expected } of cases) {
      clock.set(Date.parse(now))
      const answer = await app.inject({
        method: 'POST',
        url: `/ofrep/v1/evaluate/flags/${encodeURIComponent(flag)}`,
        headers: { authorization: 'Bearer dmr_server_test', 'content-type': 'application/json' },
        payload: JSON.stringify({ context }),
      })
      const { variant, value, reason } = expected
      const said = answer.json()
      if (!isObject(context) || isRefused(context)) {
        expect([name, answer.statusCode]).toEqual([name, 400])
      } else if (reason.kind === 'error' && reason.code === 'flag-not-found') {
        expect([name, answer.statusCode, said.errorCode]).toEqual([name, 404, 'FLAG_NOT_FOUND'])
      } else {
        expect({ name, variant: said.variant, value: said.value, reason: said.reason }).toEqual({
          name,
          variant,
          value,
          reason: openFeatureReason({ unit: undefined, heldOutBy: undefined, ...expected }).reason,
        })
      }
    }
  })
})
