import type { FlagPlace } from '@dimmer/protocol'
import { Popover, Switch } from '@mantine/core'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { useSwitchFlag } from './use-flag-change.ts'

interface Props {
  readonly place: FlagPlace
  readonly on: boolean
  /** The flag's name, for those who can't see where the switch stands. */
  readonly name: string
}

/** On or off in one environment. Says beside itself if the server refuses. */
export function FlagSwitch({ place, on, name }: Props) {
  const change = useSwitchFlag(place)
  const shown = change.isPending ? change.variables : on
  return (
    <Popover opened={change.error !== null} onDismiss={change.reset} position="bottom-end" width={300} withArrow>
      <Popover.Target>
        <Switch
          checked={shown}
          disabled={change.isPending}
          onChange={event => change.mutate(event.currentTarget.checked)}
          aria-label={`${name} in ${place.environment}`}
          size="md"
          onLabel="On"
          offLabel="Off"
          withThumbIndicator={false}
        />
      </Popover.Target>
      <Popover.Dropdown p={0}>{change.error !== null && <ErrorAlert error={change.error} />}</Popover.Dropdown>
    </Popover>
  )
}
