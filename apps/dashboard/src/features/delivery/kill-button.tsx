import type { FlagPlace, FlagView } from '@dimmer/protocol'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconPower } from '../../shared/ui/icons.ts'
import { DANGER } from '../../shared/ui/tone.ts'
import { useWhyNot } from '../access/index.ts'
import { configIn, describeKill, ForecastPreview, settable } from '../flags/index.ts'
import { KillDialog } from './kill-dialog.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  /** What else happens, e.g. to a running rollout. */
  readonly consequences: readonly string[]
  /** In a row of a list. */
  readonly compact?: boolean
}

/** The way out: off for everybody, with proof of arrival. */
export function KillButton({ place, flag, consequences, compact = false }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const [sentences, setSentences] = useState<readonly string[]>([])
  const whyNot = useWhyNot('flag:kill', place)
  const config = configIn(flag, place.environment)
  if (config === undefined) return null
  // Kept while the dialog is open: after the kill, "who has it now" would read differently.
  const ask = () => {
    setSentences([...describeKill(flag, config, place.environment), ...consequences])
    open()
  }
  return (
    <>
      <GuardedButton
        whyNot={whyNot}
        color={DANGER}
        {...(compact ? { size: 'compact-sm', variant: 'outline', 'aria-label': `Kill ${flag.name}` } : {})}
        leftSection={<IconPower size={compact ? 14 : 16} />}
        disabled={!config.on}
        onClick={ask}
      >
        Kill
      </GuardedButton>
      <KillDialog
        place={place}
        flag={flag}
        sentences={sentences}
        forecast={opened && <ForecastPreview place={place} config={{ ...settable(config), on: false }} />}
        opened={opened}
        onClose={close}
      />
    </>
  )
}
