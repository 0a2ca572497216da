import { FileButton, Group, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorAlert } from './error-alert.tsx'
import { GuardedButton } from './guarded.tsx'
import { IconUpload } from './icons.ts'

interface Props {
  readonly label: string
  /** Why the person may not; undefined: they may. */
  readonly whyNot: string | undefined
  /** Sends it, and says what became of it. */
  readonly upload: (file: File) => Promise<string>
  /** How the file must look. */
  readonly children: ReactNode
}

/** Takes a CSV file all or not at all: of one that is refused, the lines are named. */
export function CsvUpload({ label, whyNot, upload, children }: Props) {
  const send = useMutation({ mutationFn: upload })
  return (
    <>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
      <Group gap="sm">
        <FileButton accept=".csv,.tsv,.txt,text/csv" onChange={file => file !== null && send.mutate(file)}>
          {({ onClick }) => (
            <GuardedButton
              whyNot={whyNot}
              variant="default"
              leftSection={<IconUpload size={16} />}
              loading={send.isPending}
              onClick={onClick}
            >
              {label}
            </GuardedButton>
          )}
        </FileButton>
        <Text size="sm" role="status">
          {send.data !== undefined && `${send.variables.name}: ${send.data}`}
        </Text>
      </Group>
      {send.error !== null && (
        <ErrorAlert error={send.error} title={`Nothing of ${send.variables?.name ?? 'the file'} was taken`} />
      )}
    </>
  )
}
