import { Alert, Anchor, Group, Text } from '@mantine/core'
import { IconKey } from '../../shared/ui/icons.ts'
import { useSession } from './session.ts'

const WORDS = {
  local: 'You are in without signing in: nobody has an account yet, and you sit at the machine that runs Dimmer.',
  'break-glass': 'You are in with the admin token. Everything is allowed, and each use is in the log.',
} as const

/** Says plainly when nobody had to sign in for this, and leads to the first account. */
export function LocalBanner() {
  const session = useSession()
  const via = session?.via
  if (via !== 'local' && via !== 'break-glass') return null
  return (
    <Alert color="gray" variant="light" py={6} mb="md" icon={<IconKey size={18} />}>
      <Group gap="xs" justify="space-between">
        <Text size="sm">{WORDS[via]}</Text>
        {session?.signIn.fresh === true && (
          <Anchor size="sm" fw={600} href="/welcome">
            Create your account and invite others
          </Anchor>
        )}
      </Group>
    </Alert>
  )
}
