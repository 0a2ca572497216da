import type { LinkView, SessionView } from '@dimmer/protocol'
import { Anchor, Button, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Entrance, WelcomeForm } from '../../features/access/index.ts'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Logo } from '../shell/logo.tsx'
import { forgetToken } from './token.ts'

function toTheFirstPage(): void {
  forgetToken()
  window.location.assign('/')
}

function words({ kind, project, role, invitedBy }: LinkView): { title: string; text: string } {
  if (kind === 'setup') {
    return { title: 'Make the first account', text: 'It may do everything. You can invite the others afterwards.' }
  }
  if (kind === 'password') {
    return { title: 'Choose a new password', text: 'This signs you out everywhere else.' }
  }
  return {
    title: `Join ${project ?? ''}`,
    text: `${invitedBy ?? 'Somebody'} invited you as ${role ?? 'viewer'}. This makes your account.`,
  }
}

/** Where nobody signs in with a password: what the link is for waits behind the identity provider. */
function BySignIn({ view, sso }: { readonly view: LinkView; readonly sso: string }) {
  return (
    <>
      {view.email !== null && <Text size="sm">Sign in as {view.email}.</Text>}
      <Button component="a" href="/api/v1/sso/start">
        Sign in with {sso}
      </Button>
    </>
  )
}

interface LinkProps {
  readonly token: string
  readonly signIn: SessionView['signIn']
}

function ByLink({ token, signIn }: LinkProps) {
  const api = useApi()
  const query = useQuery({
    queryKey: queryKeys.link(token),
    queryFn: () => api.lookAtLink(token),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const said = query.data === undefined ? { title: 'Welcome', text: undefined } : words(query.data)
  return (
    <Entrance logo={<Logo />} {...said}>
      <Loaded query={query}>
        {view =>
          signIn.sso !== null && !signIn.password && view.kind !== 'setup' ? (
            <BySignIn view={view} sso={signIn.sso} />
          ) : (
            <WelcomeForm link={{ token, view }} onDone={toTheFirstPage} />
          )
        }
      </Loaded>
      {query.error !== null && <Anchor href="/">To the first page</Anchor>}
    </Entrance>
  )
}

/** Where links lead: makes an account or sets a password. Without a link, the first account of a local session. */
export function Welcome({ session }: { readonly session: SessionView }) {
  // The secret stays out of the address once it is read, and so out of the history.
  const [token] = useState(() => {
    const { hash } = window.location
    if (hash.length > 1) window.history.replaceState(null, '', '/welcome')
    return hash.slice(1)
  })
  if (token !== '') return <ByLink token={token} signIn={session.signIn} />
  if (session.signIn.fresh && session.manages) {
    return (
      <Entrance
        logo={<Logo />}
        title="Create your account"
        text="It may do everything. From then on everybody signs in, also on this machine, and you can invite others."
      >
        <WelcomeForm link={undefined} onDone={toTheFirstPage} />
      </Entrance>
    )
  }
  return (
    <Entrance logo={<Logo />} title="This link is not complete" text="Open the whole link that you were sent.">
      <Anchor href="/">To the first page</Anchor>
    </Entrance>
  )
}
