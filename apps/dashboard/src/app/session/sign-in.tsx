import { type SessionView, SSO_REFUSALS, type SsoRefusal } from '@dimmer/protocol'
import { Alert, Button, Divider, Text } from '@mantine/core'
import { useState } from 'react'
import { Entrance, SignInForm } from '../../features/access/index.ts'
import { Logo } from '../shell/logo.tsx'
import { TokenForm } from './token-form.tsx'

interface Props {
  readonly session: SessionView
  readonly onToken: (token: string) => void
  readonly onDone: () => void
}

const isRefusal = (reason: string): reason is SsoRefusal => Object.hasOwn(SSO_REFUSALS, reason)

/** Why single sign-on let nobody in. The address names the reason once: it is no place for words that others write. */
function readRefusal(): string | undefined {
  const reason = new URLSearchParams(window.location.search).get('sign-in')
  if (reason === null) return undefined
  window.history.replaceState(null, '', window.location.pathname)
  return isRefusal(reason) ? SSO_REFUSALS[reason] : undefined
}

/** All ways in that the server has. */
export function SignIn({ session, onToken, onDone }: Props) {
  const { password, sso, token, fresh } = session.signIn
  const [said] = useState(readRefusal)
  return (
    <Entrance logo={<Logo />} title="Sign in">
      {said !== undefined && (
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
