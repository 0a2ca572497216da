import { Center, Stack } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useRouter } from '@tanstack/react-router'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'

/** For a page that cannot be shown at all, e.g. because the server is away. */
export function Failed({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    reset()
    void router.invalidate()
  }
  return (
    <Center mih="60vh" p="md">
      <Stack maw={560} w="100%">
        <ErrorAlert
          error={error instanceof Error ? error : new Error(String(error))}
          title="This page cannot be shown"
          onRetry={retry}
        />
      </Stack>
    </Center>
  )
}
