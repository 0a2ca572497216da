import { eventsJudged, evidenceNeeded, type Guardrail, type RolloutPlan } from '@dimmer/rollout'
import { Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { trafficQuery } from '../../../shared/metric-queries.ts'

interface Props {
  readonly project: string
  /** Complete: metrics written out. */
  readonly plan: RolloutPlan
  readonly guardrail: Guardrail
}

const TYPING_MS = 400
const NO_TRAFFIC = { overMs: 0, units: 0, failingUnits: 0, events: 0 }

/** How long it takes until harm is found, with the traffic of lately. Nothing where that can't be said. */
export function EvidenceLine({ project, plan, guardrail }: Props) {
  const [event = ''] = eventsJudged(guardrail)
  const [asked] = useDebouncedValue(event.trim(), TYPING_MS)
  const of = { event: asked, unit: plan.unit }
  const traffic = useQuery({
    ...trafficQuery(useApi(), { project, environment: plan.environment }, of),
    enabled: asked !== '',
  })
  if (asked === '') return null
  if (traffic.data?.overMs === 0) {
    return (
      <Text size="xs" c="dimmed">
        “{asked}” has never arrived for any {plan.unit} in {plan.environment}: until it does, this is “no data”, and the
        rollout stays where it is.
      </Text>
    )
  }
  const found = needed(plan, guardrail, traffic.data ?? NO_TRAFFIC)
  return (
    found !== undefined && (
      <Text size="xs" c="dimmed">
        {found}
      </Text>
    )
  )
}

/** While limits are typed they may be such that nothing can be planned. */
function needed(...of: Parameters<typeof evidenceNeeded>): string | undefined {
  try {
    return evidenceNeeded(...of)?.sentence
  } catch {
    return undefined
  }
}
