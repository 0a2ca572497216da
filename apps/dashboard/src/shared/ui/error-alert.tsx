import { AdminApiError } from '@dimmer/protocol'
import { Alert, Button, List } from '@mantine/core'
import { IconAlertTriangle } from './icons.ts'

interface Props {
  readonly error: Error
  readonly title?: string
  readonly onRetry?: () => void
}

const detailsOf = (error: Error | null) => (error instanceof AdminApiError ? error.details : [])

/** What the server said of one field; undefined if nothing. */
export const fieldError = (error: Error | null, path: string): string | undefined =>
  detailsOf(error).find(detail => detail.path === path)?.message

/** The error, unless all that it says stands beside these fields. */
export function withoutFields(error: Error | null, paths: readonly string[]): Error | null {
  const details = detailsOf(error)
  return details.length > 0 && details.every(({ path }) => paths.includes(path)) ? null : error
}

/** What went wrong, in the server's words, with every detail it gave. */
export function ErrorAlert({ error, title = 'That did not work', onRetry }: Props) {
  const details = detailsOf(error)
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
