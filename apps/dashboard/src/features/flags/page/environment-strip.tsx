import type { EnvironmentView, FlagView } from '@dimmer/protocol'
import { Anchor, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { configIn } from '../flag-config.ts'
import { FlagSwitch } from '../flag-switch.tsx'
import { ShareText } from '../share-text.tsx'
import { describeShare } from '../words/describe-share.ts'
import classes from './flag-page.module.css'

interface Props {
  readonly project: string
  readonly flag: FlagView
  readonly environments: readonly EnvironmentView[]
  /** The one that the rest of the page is about. */
  readonly chosen: string
}

/** The flag in each environment side by side: on or off, and who has it. */
export function EnvironmentStrip({ project, flag, environments, chosen }: Props) {
  return (
    <SimpleGrid cols={{ base: 1, xs: Math.min(3, environments.length) }} spacing="sm">
      {environments.map(({ key, name }) => {
        const config = configIn(flag, key)
        if (config === undefined) return null
        return (
          <div key={key} className={classes.environment} data-chosen={key === chosen || undefined}>
            <Group justify="space-between" wrap="nowrap" align="flex-start">
              <Stack gap={4} miw={0} flex={1}>
                {key === chosen ? (
                  <Text fw={600}>{name}</Text>
                ) : (
                  <Anchor fw={600} c="inherit" renderRoot={props => <Link to="." search={{ env: key }} {...props} />}>
                    {name}
                  </Anchor>
                )}
                <ShareText words={describeShare(flag, config)} />
              </Stack>
              <FlagSwitch place={{ project, flag: flag.key, environment: key }} name={flag.name} config={config} />
            </Group>
          </div>
        )
      })}
    </SimpleGrid>
  )
}
