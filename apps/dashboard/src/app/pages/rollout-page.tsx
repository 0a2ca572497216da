import type { RolloutView } from '@dimmer/protocol'
import { Group } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { KillButton } from '../../features/delivery/index.ts'
import { flagQuery } from '../../features/flags/index.ts'
import { useScope } from '../../features/projects/index.ts'
import {
  decisionsQuery,
  killConsequences,
  RolloutActions,
  RolloutDetails,
  rolloutQuery,
  seriesQuery,
} from '../../features/rollouts/index.ts'
import { useApi } from '../../shared/api.tsx'
import { metricsQuery } from '../../shared/metric-queries.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

/** The way out, whatever the rollout is doing. */
function KillFlag({ project, rollout }: { readonly project: string; readonly rollout: RolloutView }) {
  const { data: flag } = useQuery(flagQuery(useApi(), project, rollout.flag))
  if (flag === undefined || flag.archivedAt !== null) return null
  const place = { project, flag: rollout.flag, environment: rollout.environment }
  return <KillButton place={place} flag={flag} consequences={killConsequences(rollout)} />
}

export function RolloutPage() {
  const { rollout: id } = useParams({ from: '/p/$project/rollouts/$rollout' })
  const api = useApi()
  const { project, environment } = useScope()
  const query = useQuery(rolloutQuery(api, project.key, id))
  const { data: decisions } = useQuery(decisionsQuery(api, project.key, id))
  const { data: series } = useQuery(seriesQuery(api, project.key, id))
  const { data: library = [] } = useQuery(metricsQuery(api, project.key, environment.key))
  return (
    <Loaded query={query} lines={4} lineHeight={120}>
      {rollout => (
        <Page
          title={
            <>
              Rollout of{' '}
              <TextLink
                to="/p/$project/flags/$flag"
                params={{ project: project.key, flag: rollout.flag }}
                search={{ env: rollout.environment }}
                inherit
              >
                {rollout.flag}
              </TextLink>
            </>
          }
          documentTitle={`Rollout of ${rollout.flag}`}
          description={
            <>
              Brings <KeyText>{rollout.plan.variant}</KeyText> to everybody in {rollout.environment}, by{' '}
              {rollout.plan.unit}.
            </>
          }
          actions={
            <Group gap="xs">
              <RolloutActions project={project.key} rollout={rollout} />
              <KillFlag project={project.key} rollout={rollout} />
            </Group>
          }
        >
          <RolloutDetails
            project={project.key}
            rollout={rollout}
            decisions={decisions}
            series={series}
            library={library}
          />
        </Page>
      )}
    </Loaded>
  )
}
