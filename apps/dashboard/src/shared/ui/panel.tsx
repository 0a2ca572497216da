import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useId } from 'react'

interface Props {
  readonly title?: ReactNode
  readonly description?: ReactNode
  readonly actions?: ReactNode
  /** Without padding, for lists and tables that reach the edges. */
  readonly flush?: boolean
  readonly children: ReactNode
}

/** A bordered part of a page, a named region if it has a title. */
export function Panel({ title, description, actions, flush = false, children }: Props) {
  const titleId = useId()
  const named = title !== undefined
  return (
    <Paper component="section" withBorder radius="lg" {...(named ? { 'aria-labelledby': titleId } : {})}>
      {named && (
        <Group justify="space-between" gap="xs" px="md" pt="sm" pb={flush ? 'sm' : 0}>
          <Stack gap={0}>
            <Title order={2} id={titleId}>
              {title}
            </Title>
            {description !== undefined && (
              <Text size="sm" c="dimmed">
                {description}
              </Text>
            )}
          </Stack>
          {actions}
        </Group>
      )}
      {flush ? (
        children
      ) : (
        <Stack gap="sm" px="md" pb="md" pt={named ? 6 : 'md'}>
          {children}
        </Stack>
      )}
    </Paper>
  )
}
