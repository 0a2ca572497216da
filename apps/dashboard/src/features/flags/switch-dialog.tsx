import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { RequestInstead } from '../approvals/index.ts'
import { settable } from './flag-config.ts'
import { ForecastPreview } from './forecast/forecast-preview.tsx'
import type { useSwitchFlag } from './use-flag-change.ts'

interface Props {
  readonly place: FlagPlace
  /** The flag's name. */
  readonly name: string
  readonly config: FlagConfig
  readonly change: ReturnType<typeof useSwitchFlag>
  readonly opened: boolean
  readonly onClose: () => void
}

/** Asks once before a flag is switched, with who gains it and who loses it. */
export function SwitchDialog({ place, name, config, change, opened, onClose }: Props) {
  const on = !config.on
  const word = on ? 'on' : 'off'
  return (
    <ConfirmModal
      opened={opened}
      onClose={onClose}
      title={`Switch ${name} ${word} in ${place.environment}?`}
      sentences={[on ? 'Its rules decide who gets what.' : `Everybody gets ${config.offVariant}.`]}
      confirmLabel={`Switch ${word}`}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate(on, { onSuccess: onClose })}
    >
      {opened && <ForecastPreview place={place} config={{ ...settable(config), on }} />}
      <RequestInstead
        project={place.project}
        ask={(api, title) => api.requestChange(place, { title, change: { on } })}
        error={change.error}
      />
    </ConfirmModal>
  )
}
