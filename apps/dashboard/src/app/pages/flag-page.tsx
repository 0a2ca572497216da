import type { FlagView } from '@dimmer/protocol'
import { Badge, Grid, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useBlocker, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { InstancesPanel, KillButton } from '../../features/delivery/index.ts'
import {
  ArchiveButton,
  configIn,
  EnvironmentStrip,
  ExplainPanel,
  flagQuery,
  RulesPanel,
  VariantsPanel,
} from '../../features/flags/index.ts'
import { useScope } from '../../features/projects/index.ts'
import {
  currentRollout,
  killConsequences,
  ownsItsRule,
  RolloutPanel,
  RuleOwner,
  rolloutsQuery,
} from '../../features/rollouts/index.ts'
import { useApi } from '../../shared/api.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

function FlagDescription({ flag }: { readonly flag: FlagView }) {
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <KeyText>{flag.key}</KeyText>
        <Badge variant="default" size="sm" tt="none" fw={500}>
          {flag.type}
        </Badge>
      </Group>
      {flag.description !== '' && <Text size="sm">{flag.description}</Text>}
    </Stack>
  )
}

function Archived({ flag }: { readonly flag: FlagView }) {
  return (
    <Page title={flag.name} documentTitle={flag.name} description={<FlagDescription flag={flag} />}>
      <Text>This flag is archived: it is out of use for good, in every environment.</Text>
    </Page>
  )
}

/** Everything about one flag in one environment. */
function FlagDetails({ flag }: { readonly flag: FlagView }) {
  const navigate = useNavigate()
  const { project, environment } = useScope()
  const { data: rollouts = [] } = useQuery(rolloutsQuery(useApi(), project.key))
  const config = configIn(flag, environment.key)
  const rollout = currentRollout(rollouts, flag.key, environment.key)
  const owner = rollout !== undefined && ownsItsRule(rollout) ? rollout : undefined
  const place = { project: project.key, flag: flag.key, environment: environment.key }
  const [dirty, setDirty] = useState(false)
  useBlocker({
    shouldBlockFn: () => dirty && !window.confirm('Leave without saving the rules?'),
    enableBeforeUnload: () => dirty,
  })
  if (config === undefined) return null
  return (
    <Page
      title={flag.name}
      documentTitle={flag.name}
      description={<FlagDescription flag={flag} />}
      actions={
        <Group gap="xs">
          <ArchiveButton
            project={project.key}
            flag={flag}
            onArchived={() => void navigate({ to: '/p/$project/flags', params: { project: project.key } })}
          />
          <KillButton place={place} flag={flag} consequences={killConsequences(rollout)} />
        </Group>
      }
    >
      <EnvironmentStrip
        project={project.key}
        flag={flag}
        environments={project.environments}
        chosen={environment.key}
      />
      <Grid gap="lg">
        <Grid.Col span={{ base: 12, md: 8 }}>
          <Stack gap="lg">
            <RulesPanel
              key={environment.key}
              place={place}
              flag={flag}
              config={config}
              onDirty={setDirty}
              ownerOf={rule =>
                owner?.plan.ruleId === rule.id ? <RuleOwner project={project.key} rollout={owner} /> : null
              }
            />
            <ExplainPanel key={`explain ${environment.key}`} place={place} config={config} />
          </Stack>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 4 }}>
          <Stack gap="lg">
            <RolloutPanel
              place={place}
              flag={flag}
              config={config}
              current={rollout}
              onStarted={({ id }) =>
                void navigate({
                  to: '/p/$project/rollouts/$rollout',
                  params: { project: project.key, rollout: id },
                })
              }
            />
            <InstancesPanel project={project.key} environment={environment.key} version={environment.version} />
            <VariantsPanel flag={flag} offVariant={config.offVariant} />
          </Stack>
        </Grid.Col>
      </Grid>
    </Page>
  )
}

export function FlagPage() {
  const { flag: key } = useParams({ from: '/p/$project/flags/$flag' })
  const { project } = useScope()
  const query = useQuery(flagQuery(useApi(), project.key, key))
  return (
    <Loaded query={query} lines={4} lineHeight={120}>
      {flag => (flag.archivedAt === null ? <FlagDetails key={flag.key} flag={flag} /> : <Archived flag={flag} />)}
    </Loaded>
  )
}
