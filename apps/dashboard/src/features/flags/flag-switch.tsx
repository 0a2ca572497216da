import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { Popover, Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { SwitchDialog } from './switch-dialog.tsx'
import { useSwitchFlag } from './use-flag-change.ts'

interface Props {
  readonly place: FlagPlace
  readonly on: boolean
  /** The flag's name, for those who can't see where the switch stands. */
  readonly name: string
  /** Given: asks first, and shows what the change would do to whom. */
  readonly config?: FlagConfig
}

/** On or off in one environment. Says beside itself if the server refuses. */
export function FlagSwitch({ place, on, name, config }: Props) {
  const change = useSwitchFlag(place)
  const [asking, { open, close }] = useDisclosure(false)
  const shown = change.isPending ? change.variables : on
  const refused = !asking && change.error !== null
  return (
    <>
      <Popover opened={refused} onDismiss={change.reset} position="bottom-end" width={300} withArrow>
        <Popover.Target>
          <Switch
            checked={shown}
            disabled={change.isPending}
            onChange={event => (config === undefined ? change.mutate(event.currentTarget.checked) : open())}
            aria-label={`${name} in ${place.environment}`}
            size="md"
            onLabel="On"
            offLabel="Off"
            withThumbIndicator={false}
          />
        </Popover.Target>
        <Popover.Dropdown p={0}>{change.error !== null && <ErrorAlert error={change.error} />}</Popover.Dropdown>
      </Popover>
      {config !== undefined && (
        <SwitchDialog place={place} name={name} config={config} change={change} opened={asking} onClose={close} />
      )}
    </>
  )
}
