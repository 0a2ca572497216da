import { compile, Directory, type Flag, forecast, type Ruleset } from '@dimmer/engine'
import type { FlagConfig, ForecastView } from '@dimmer/protocol'
import { SAMPLE_FLAGS, sampleConfig } from './sample-flags.ts'

const NOW = Date.UTC(2026, 10, 21)

/** `accounts` accounts of which every tenth is an enterprise, with three users each. */
function sampleDirectory(accounts: number): Directory {
  return new Directory(
    Array.from({ length: accounts }, (_, index) => ({
      id: `acc-${index}`,
      attributes:
        index % 10 === 0
          ? { name: `Company ${index}`, plan: 'enterprise', mrr: 1_000 + index }
          : { name: `Company ${index}`, plan: 'free', mrr: 0 },
    })),
    Array.from({ length: 3 * accounts }, (_, index) => ({
      id: `usr-${index}`,
      accountId: `acc-${index % accounts}`,
      attributes: {},
    })),
  )
}

function rulesetWith(config: FlagConfig): Ruleset {
  const { on, offVariant, prerequisites, rules, fallthrough } = config
  const others = SAMPLE_FLAGS.slice(1).map((view): Flag => ({ ...view, ...sampleConfig(view, 'production') }))
  const flag: Flag = {
    key: 'new-pdf-engine',
    type: 'boolean',
    variants: { on: true, off: false },
    salt: 'new-pdf-engine',
    version: 7,
    on,
    offVariant,
    prerequisites,
    rules,
    fallthrough,
  }
  const flags = Object.fromEntries([flag, ...others].map(one => [one.key, one]))
  return { schema: 1, project: 'invoicing', environment: 'production', version: 7, flags, segments: {}, units: {} }
}

/** What the server says of a change of the first sample flag: by default its share from 5 to `percent`. */
export function sampleForecast(
  options: { percent?: number; unit?: string; accounts?: number; config?: Partial<FlagConfig> } = {},
): ForecastView {
  const [view] = SAMPLE_FLAGS
  if (view === undefined) throw new Error('there are sample flags')
  const { percent = 25, unit = 'account', accounts = 400 } = options
  const before = sampleConfig(view, 'production')
  const rules = before.rules.map(rule => ({ ...rule, share: { unit, percent } }))
  const [old, now] = [before, { ...before, rules, ...options.config }].map(config => compile(rulesetWith(config)))
  if (old === undefined || now === undefined) throw new Error('two snapshots')
  const summary = forecast(old, now, { flag: view.key, directory: sampleDirectory(accounts), now: NOW }).summary()
  return { ...summary, directoryAt: new Date(NOW).toISOString() }
}
