/** The rollout of the new PDF engine, as data. */

export interface CanaryPlanOptions {
  /** Where it runs. Default "production". */
  readonly environment?: string
  /** Least time in each of the four stages, ISO 8601. Default a day each. */
  readonly holds?: readonly [string, string, string, string]
  /** 95 % of the PDFs must take no longer. Default 1,000 ms. */
  readonly p95MaxMs?: number
}

const DAY_EACH = ['PT24H', 'PT24H', 'PT24H', 'PT24H'] as const

/**
 * Brings `new-pdf-engine` to 5, 25, 50 and 100 % of the accounts, as long as its PDFs fail at most twice as often as
 * those of the accounts without it, and are quick enough.
 */
export function canaryPlan(options: CanaryPlanOptions = {}) {
  const [first, second, third, fourth] = options.holds ?? DAY_EACH
  return {
    flag: 'new-pdf-engine',
    environment: options.environment ?? 'production',
    variant: 'on',
    unit: 'account',
    ruleId: 'rollout',
    stages: [
      { name: 'Canary', percent: 5, hold: first },
      { name: 'Quarter', percent: 25, hold: second },
      { name: 'Half', percent: 50, hold: third },
      { name: 'Everybody', percent: 100, hold: fourth },
    ],
    guardrails: [
      { id: 'pdf-errors', name: 'PDF error rate', kind: 'error-rate', event: 'pdf.generated', maxRatio: 2 },
      {
        id: 'pdf-p95',
        name: 'PDF p95 latency',
        kind: 'latency',
        event: 'pdf.generated',
        quantile: 0.95,
        maxMs: options.p95MaxMs ?? 1_000,
      },
    ],
  } as const
}
