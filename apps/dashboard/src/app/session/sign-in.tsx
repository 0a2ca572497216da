import type { SessionView } from '@dimmer/protocol'
import { Alert, Button, Divider, Text } from '@mantine/core'
import { Entrance, SignInForm } from '../../features/access/index.ts'
import { Logo } from '../shell/logo.tsx'
import { TokenForm } from './token-form.tsx'

interface Props {
  readonly session: SessionView
  readonly onToken: (token: string) => void
  readonly onDone: () => void
}

/** What went wrong at the identity provider, as the server said it on the way back. */
const saidOnReturn = (): string | null => new URLSearchParams(window.location.search).get('sign-in')

/** All ways in that the server has. */
export function SignIn({ session, onToken, onDone }: Props) {
  const { password, sso, token, fresh } = session.signIn
  const said = saidOnReturn()
  return (
    <Entrance logo={<Logo />} title="Sign in">
      {said !== null && (
        <Alert color="red" variant="light" title="Not signed in" role="alert">
          {said}
        </Alert>
      )}
      {fresh && !token && (
        <Text size="sm" c="dimmed">
          Nobody has an account yet. The link that makes the first one stands in the terminal where Dimmer was started.
        </Text>
      )}
      {sso !== null && (
        <Button component="a" href="/api/v1/sso/start" variant={password ? 'default' : 'filled'}>
          Sign in with {sso}
        </Button>
      )}
      {sso !== null && password && <Divider label="or" />}
      {password && !fresh && <SignInForm onDone={onDone} />}
      {token && <TokenForm open={fresh} onToken={onToken} />}
    </Entrance>
  )
}
