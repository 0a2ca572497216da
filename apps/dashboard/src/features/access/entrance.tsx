import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useDocumentTitle } from '@mantine/hooks'
import type { ReactNode } from 'react'

interface Props {
  readonly logo: ReactNode
  readonly title: string
  readonly text?: string | undefined
  readonly children: ReactNode
}

/** The frame of the pages before the first page. */
export function Entrance({ logo, title, text, children }: Props) {
  useDocumentTitle(`${title} · Dimmer`)
  return (
    <Center mih="100dvh" p="md" bg="var(--dimmer-canvas)">
      <Paper component="main" withBorder radius="lg" p="lg" maw={420} w="100%">
        <Stack gap="md">
          {logo}
          <Title order={1}>{title}</Title>
          {text !== undefined && (
            <Text size="sm" c="dimmed">
              {text}
            </Text>
          )}
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
