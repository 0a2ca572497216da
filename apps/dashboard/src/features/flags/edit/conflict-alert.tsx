import { Alert, Button, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '../../../shared/ui/icons.ts'
import { ConfigDiffView } from './config-diff-view.tsx'
import type { Difference } from './model/config-diff.ts'

interface Props {
  readonly theirs: readonly Difference[]
  readonly onMerge: () => void
}

/** Somebody else has saved since the draft was begun: what they changed, and the way to go on. */
export function ConflictAlert({ theirs, onMerge }: Props) {
  return (
    <Alert
      color="yellow"
      variant="light"
      title="Somebody else changed this meanwhile"
      icon={<IconAlertTriangle size={18} />}
    >
      <Stack gap="sm">
        <Text size="sm">Nothing that you typed is lost. Bring in what they changed, look at it again, then save.</Text>
        <ConfigDiffView differences={theirs} />
        <div>
          <Button size="xs" onClick={onMerge}>
            Bring in their changes
          </Button>
        </div>
      </Stack>
    </Alert>
  )
}
