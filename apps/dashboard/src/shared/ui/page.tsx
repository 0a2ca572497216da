import { Group, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface Props {
  readonly title: ReactNode
  /** For the browser's tab. */
  readonly documentTitle: string
  readonly description?: ReactNode
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** A page: heading, what it is for, its main actions, and the rest. */
export function Page({ title, documentTitle, description, actions, children }: Props) {
  useDocumentTitle(`${documentTitle} · Dimmer`)
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} miw={0} flex="1 1 200px">
          <Title order={1}>{title}</Title>
          {description !== undefined && (
            <Text component="div" size="sm" c="dimmed" maw={720}>
              {description}
            </Text>
          )}
        </Stack>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}
