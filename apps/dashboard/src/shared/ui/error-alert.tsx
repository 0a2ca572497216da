import { AdminApiError } from '@dimmer/protocol'
import { Alert, Button, List } from '@mantine/core'
import { IconAlertTriangle } from './icons.ts'

interface Props {
  readonly error: Error
  readonly title?: string
  readonly onRetry?: () => void
}

/** What went wrong, in the server's words, with every detail it gave. */
export function ErrorAlert({ error, title = 'That did not work', onRetry }: Props) {
  const details = error instanceof AdminApiError ? error.details : []
  return (
    <Alert color="red" variant="light" title={title} icon={<IconAlertTriangle size={18} />} role="alert">
      {error.message}
      {details.length > 0 && (
        <List size="sm" mt={4}>
          {details.map(detail => (
            <List.Item key={`${detail.path} ${detail.message}`}>
              {detail.path === '' ? detail.message : `${detail.path}: ${detail.message}`}
            </List.Item>
          ))}
        </List>
      )}
      {onRetry !== undefined && (
        <Button mt="xs" size="xs" variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </Alert>
  )
}
