import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useScope } from '../../features/projects/index.ts'
import {
  decisionsQuery,
  RolloutActions,
  RolloutDetails,
  rolloutQuery,
  seriesQuery,
} from '../../features/rollouts/index.ts'
import { useApi } from '../../shared/api.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function RolloutPage() {
  const { rollout: id } = useParams({ from: '/p/$project/rollouts/$rollout' })
  const api = useApi()
  const { project } = useScope()
  const query = useQuery(rolloutQuery(api, project.key, id))
  const { data: decisions } = useQuery(decisionsQuery(api, project.key, id))
  const { data: series } = useQuery(seriesQuery(api, project.key, id))
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
          actions={<RolloutActions project={project.key} rollout={rollout} />}
        >
          <RolloutDetails rollout={rollout} decisions={decisions} series={series} />
        </Page>
      )}
    </Loaded>
  )
}
