import type { FlagPlace } from '@dimmer/protocol'
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { counted } from '../../../shared/format/number.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { RequestInstead } from '../../approvals/index.ts'
import { ForecastPreview } from '../forecast/forecast-preview.tsx'
import { ConfigDiffView } from './config-diff-view.tsx'
import { ConflictAlert } from './conflict-alert.tsx'
import classes from './edit.module.css'
import { useEditing } from './editing.tsx'
import { placeWords } from './model/config-problems.ts'
import type { ConfigDraft } from './use-config-draft.ts'

interface Props {
  readonly place: FlagPlace
  readonly draft: ConfigDraft
  readonly busy: boolean
  readonly error: Error | null
  readonly onSave: () => void
  readonly onClose: () => void
}

function Problems() {
  const { problems } = useEditing()
  if (problems.length === 0) return null
  return (
    <Alert
      color="red"
      variant="light"
      title={`${counted(problems.length, 'thing')} to mend before this can be saved`}
      role="alert"
    >
      <List size="sm">
        {problems.map(({ path, message }) => (
          <List.Item key={`${path} ${message}`}>
            {placeWords(path)}: {message}
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** What a draft changes, for whom, and the way to save it or to drop it. */
export function SavePanel({ place, draft, busy, error, onSave, onClose }: Props) {
  const { problems } = useEditing()
  const { changed, differences, config, theirs, both, merge } = draft
  const sound = problems.length === 0
  return (
    <section className={classes.section} aria-label="Save">
      <Stack gap="md">
        {theirs !== undefined && <ConflictAlert theirs={theirs} onMerge={merge} />}
        {both.length > 0 && (
          <Text size="sm">Both of you changed {both.join(', ')}: yours stands here, theirs is what it replaces.</Text>
        )}
        {changed && (
          <Stack gap={6}>
            <Text fw={600} size="sm">
              What changes
            </Text>
            <ConfigDiffView differences={differences} />
          </Stack>
        )}
        <Problems />
        {changed && sound && <ForecastPreview place={place} config={config} />}
        {error !== null && theirs === undefined && sound && (
          <ErrorAlert error={error} title="The rules were not saved" />
        )}
        <RequestInstead
          project={place.project}
          ask={(api, title) => api.requestChange(place, { title, change: { config } })}
          error={error}
        />
        <Group gap="xs">
          <Button loading={busy} disabled={!changed || !sound || theirs !== undefined} onClick={onSave}>
            Save
          </Button>
          <Button variant="default" onClick={onClose}>
            {changed ? 'Discard' : 'Close'}
          </Button>
        </Group>
      </Stack>
    </section>
  )
}
