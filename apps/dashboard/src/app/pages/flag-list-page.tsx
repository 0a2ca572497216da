import type { FlagView } from '@dimmer/protocol'
import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWhyNot } from '../../features/access/index.ts'
import { KillButton } from '../../features/delivery/index.ts'
import { CreateFlagDialog, FlagList, flagsQuery } from '../../features/flags/index.ts'
import { StaleBadge, staleQuery } from '../../features/hygiene/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { currentRollout, killConsequences, RolloutBadge, rolloutsQuery } from '../../features/rollouts/index.ts'
import { useApi } from '../../shared/api.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconPlus } from '../../shared/ui/icons.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

/** What is going on with each flag in the environment: its rollout, and whether it is stale. */
function useBadges() {
  const api = useApi()
  const { project, environment } = useScope()
  const { data: rollouts = [] } = useQuery(rolloutsQuery(api, project.key))
  const { data: report } = useQuery(staleQuery(api, project.key))
  return (flag: FlagView) => {
    const rollout = currentRollout(rollouts, flag.key, environment.key)
    const stale = report?.flags.find(one => one.flag === flag.key && one.environment === environment.key)
    return (
      <>
        {rollout !== undefined && <RolloutBadge project={project.key} rollout={rollout} />}
        {stale !== undefined && <StaleBadge stale={stale} />}
      </>
    )
  }
}

/** The way out, for each flag in the environment. */
function useKill() {
  const { project, environment } = useScope()
  const { data: rollouts = [] } = useQuery(rolloutsQuery(useApi(), project.key))
  return (flag: FlagView) => (
    <KillButton
      compact
      place={{ project: project.key, flag: flag.key, environment: environment.key }}
      flag={flag}
      consequences={killConsequences(currentRollout(rollouts, flag.key, environment.key))}
    />
  )
}

export function FlagListPage() {
  const { project, environment } = useScope()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const query = useQuery(flagsQuery(useApi(), project.key))
  const badges = useBadges()
  const whyNot = useWhyNot('flag:write', { project: project.key })
  const actions = useKill()
  const create = (
    <GuardedButton whyNot={whyNot} leftSection={<IconPlus size={16} />} onClick={open}>
      Create flag
    </GuardedButton>
  )
  return (
    <Page
      title="Flags"
      documentTitle="Flags"
      description={`As they stand in ${environment.name}, version ${environment.version}.`}
      actions={create}
    >
      <Loaded query={query} lines={5} lineHeight={68}>
        {flags => (
          <FlagList
            flags={flags}
            context={{
              project: project.key,
              environment: environment.key,
              environments: project.environments,
              badges,
              actions,
            }}
            whenEmpty={create}
          />
        )}
      </Loaded>
      <CreateFlagDialog
        project={project.key}
        opened={opened}
        onClose={close}
        onCreated={flag => {
          close()
          void navigate({ to: '/p/$project/flags/$flag', params: { project: project.key, flag: flag.key } })
        }}
      />
    </Page>
  )
}
