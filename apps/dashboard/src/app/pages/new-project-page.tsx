import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { CreateProjectForm } from '../../features/projects/index.ts'
import { Logo } from '../shell/logo.tsx'

/** The first thing on a fresh server: make a project. */
export function NewProjectPage() {
  const navigate = useNavigate()
  return (
    <Center mih="100dvh" p="md" bg="var(--dimmer-canvas)">
      <Paper withBorder radius="lg" p="lg" maw={440} w="100%">
        <Stack gap="md">
          <Logo />
          <Title order={1}>Create a project</Title>
          <Text size="sm" c="dimmed">
            A project holds the flags of one product. It starts with two environments: development and production.
          </Text>
          <CreateProjectForm
            onCreated={({ key }) => void navigate({ to: '/p/$project/flags', params: { project: key } })}
          />
        </Stack>
      </Paper>
    </Center>
  )
}
