import type { FlagConfig, FlagEnvironmentView, FlagView } from '@dimmer/protocol'

const at = '2026-03-02T09:00:00.000Z'
const boolean = { on: true, off: false } as const

const inBoth = (config: FlagConfig, development: Partial<FlagConfig> = {}): readonly FlagEnvironmentView[] => [
  { ...config, ...development, environment: 'development', version: 4, updatedAt: at },
  { ...config, environment: 'production', version: 7, updatedAt: at },
]

const base = (config: Partial<FlagConfig>): FlagConfig => ({
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'off' },
  ...config,
})

const flag = (view: Pick<FlagView, 'key' | 'name' | 'description' | 'environments'> & Partial<FlagView>): FlagView => ({
  type: 'boolean',
  variants: boolean,
  salt: view.key,
  createdAt: at,
  archivedAt: null,
  ...view,
})

/** The five flags of the sample project "Invoicing". */
export const SAMPLE_FLAGS: readonly FlagView[] = [
  flag({
    key: 'new-pdf-engine',
    name: 'New PDF engine',
    description: 'Renders invoices with the new engine.',
    environments: inBoth(
      base({ rules: [{ id: 'rollout', share: { unit: 'account', percent: 5 }, serve: { variant: 'on' } }] }),
      { rules: [], fallthrough: { variant: 'on' } },
    ),
  }),
  flag({
    key: 'redesigned-dashboard',
    name: 'Redesigned dashboard',
    description: 'A/B test of the start page.',
    type: 'string',
    variants: { classic: 'classic', redesigned: 'redesigned' },
    environments: inBoth(
      base({
        offVariant: 'classic',
        fallthrough: {
          split: {
            unit: 'user',
            arms: [
              { variant: 'classic', weight: 50 },
              { variant: 'redesigned', weight: 50 },
            ],
          },
        },
      }),
    ),
  }),
  flag({
    key: 'ai-chatbot',
    name: 'AI chatbot',
    description: 'Answers questions about invoices.',
    environments: inBoth(
      base({
        prerequisites: [{ flag: 'redesigned-dashboard', variants: ['redesigned'] }],
        rules: [
          {
            id: 'free-english',
            name: 'Free plan, US and GB',
            when: {
              all: [
                { attribute: 'plan', op: 'equals', value: 'free' },
                { attribute: 'country', op: 'in', value: ['US', 'GB'] },
              ],
            },
            serve: { variant: 'on' },
          },
        ],
      }),
    ),
  }),
  flag({
    key: 'bulk-invoice-api',
    name: 'Bulk invoice API',
    description: 'Sends up to 10,000 invoices in one call.',
    environments: inBoth(
      base({
        rules: [
          {
            id: 'pilots',
            when: { attribute: 'accountId', op: 'in', value: ['acc-00017', 'acc-00204', 'acc-00911'] },
            serve: { variant: 'on' },
          },
        ],
      }),
    ),
  }),
  flag({
    key: 'maintenance-mode',
    name: 'Maintenance mode',
    description: 'Shows a notice and stops all writing. A kill switch.',
    environments: inBoth(base({ on: false, fallthrough: { variant: 'on' } })),
  }),
]

/** A flag's config in one environment. */
export function sampleConfig(view: FlagView, environment: string): FlagEnvironmentView {
  const found = view.environments.find(one => one.environment === environment)
  if (found === undefined) throw new Error(`${view.key} has no environment ${environment}`)
  return found
}
