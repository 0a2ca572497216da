import { Center, Paper, Stack, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useSession } from '../../features/access/index.ts'
import { CreateProjectForm } from '../../features/projects/index.ts'
import { Logo } from '../shell/logo.tsx'

/** The first thing on a fresh server: make a project. Who may not is told whom to ask. */
export function NewProjectPage() {
  const navigate = useNavigate()
  const mayNot = useSession()?.manages === false
  return (
    <Center mih="100dvh" p="md" bg="var(--dimmer-canvas)">
      <Paper withBorder radius="lg" p="lg" maw={440} w="100%">
        <Stack gap="md">
          <Logo />
          <Title order={1}>{mayNot ? 'You are in no project yet' : 'Create a project'}</Title>
          <Text size="sm" c="dimmed">
            {mayNot
              ? 'Ask an admin of the project to invite you. You have an account already, so you are in at once.'
              : 'A project holds the flags of one product. It starts with two environments: development and production.'}
          </Text>
          {!mayNot && (
            <CreateProjectForm
              onCreated={({ key }) => void navigate({ to: '/p/$project/flags', params: { project: key } })}
            />
          )}
        </Stack>
      </Paper>
    </Center>
  )
}
