import type { Flag, Rule, Ruleset } from '@dimmer/engine'
import { FLAGS } from '../src/api/flags.ts'
import { BULK_INVOICE_ACCOUNTS } from '../src/population/population.ts'

export interface Situation {
  readonly version: number
  /** Share of accounts on the new engine. */
  readonly percent?: number
  readonly maintenance?: boolean
}

type FlagParts = Pick<Flag, 'key' | 'version'> & Partial<Flag>

const boolean = (parts: FlagParts): Flag => ({
  type: 'boolean',
  variants: { on: true, off: false },
  salt: `salt of ${parts.key}`,
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'off' },
  ...parts,
})

const rule = (parts: Omit<Rule, 'serve'>): Rule => ({ ...parts, serve: { variant: 'on' } })
const byUser = (arms: readonly string[]) => ({ unit: 'user', arms: arms.map(variant => ({ variant, weight: 1 })) })

/** The five flags as the sample project has them, in one environment. */
export function fiveFlags({ version, percent = 5, maintenance = false }: Situation): Ruleset {
  const named = Object.values(BULK_INVOICE_ACCOUNTS).map(({ id }) => id)
  const forFree = { attribute: 'plan', op: 'equals', value: 'free' } as const
  const inEnglish = { attribute: 'country', op: 'in', value: ['US', 'GB'] } as const
  const flags = [
    boolean({
      key: FLAGS.newPdfEngine,
      version,
      rules: [rule({ id: 'rollout', share: { unit: 'account', percent } })],
    }),
    boolean({
      key: FLAGS.redesignedDashboard,
      version,
      type: 'string',
      variants: { classic: 'classic', redesigned: 'redesigned' },
      offVariant: 'classic',
      fallthrough: { split: byUser(['classic', 'redesigned']) },
    }),
    boolean({ key: FLAGS.aiChatbot, version, rules: [rule({ id: 'free', when: { all: [forFree, inEnglish] } })] }),
    boolean({
      key: FLAGS.bulkInvoiceApi,
      version,
      rules: [rule({ id: 'named', when: { attribute: 'accountId', op: 'in', value: named } })],
    }),
    boolean({ key: FLAGS.maintenanceMode, version, on: maintenance, fallthrough: { variant: 'on' } }),
  ]
  return {
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version,
    flags: Object.fromEntries(flags.map(flag => [flag.key, flag])),
    segments: {},
    units: {},
  }
}
