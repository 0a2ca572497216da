import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { Switch } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Reason } from '../../shared/ui/guarded.tsx'
import { useWhyNot } from '../access/index.ts'
import { SwitchDialog } from './switch-dialog.tsx'
import { useSwitchFlag } from './use-flag-change.ts'

interface Props {
  readonly place: FlagPlace
  /** The flag's name, for those who can't see where the switch stands. */
  readonly name: string
  readonly config: FlagConfig
}

/** On or off in one environment. Asks first, and shows what the change would do to whom. */
export function FlagSwitch({ place, name, config }: Props) {
  const change = useSwitchFlag(place)
  const [asking, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('flag:write', place)
  const ask = () => {
    change.reset()
    open()
  }
  return (
    <>
      <Reason whyNot={whyNot}>
        <div>
          <Switch
            checked={change.isPending ? change.variables : config.on}
            disabled={change.isPending || whyNot !== undefined}
            onChange={ask}
            aria-label={`${name} in ${place.environment}`}
            {...(whyNot === undefined ? {} : { 'aria-description': whyNot })}
            size="md"
            onLabel="On"
            offLabel="Off"
            withThumbIndicator={false}
          />
        </div>
      </Reason>
      <SwitchDialog place={place} name={name} config={config} change={change} opened={asking} onClose={close} />
    </>
  )
}
