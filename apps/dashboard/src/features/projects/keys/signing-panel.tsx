import { BUILT_IN_UNITS } from '@dimmer/engine'
import type { ContextSigningView } from '@dimmer/protocol'
import { Button, Group, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { IconPlus } from '../../../shared/ui/icons.ts'
import { Loaded } from '../../../shared/ui/loaded.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { SecretCard } from '../../../shared/ui/secret-card.tsx'
import { contextSigningQuery } from '../project-queries.ts'
import { useScope } from '../project-scope.tsx'
import classes from './sdk-keys.module.css'
import { SecretRow } from './secret-row.tsx'
import { type SigningPlace, useSigning } from './use-signing.ts'

function CreateSecret({ full, ...place }: SigningPlace & { readonly full: boolean }) {
  const [name, setName] = useState('')
  const { create } = useSigning(place)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate(name.trim(), { onSuccess: () => setName('') })
      }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name of the secret"
            placeholder="Shop server"
            description={full ? 'Two are valid; revoke one to make the next.' : undefined}
            disabled={full}
            required
            flex="1 1 180px"
            value={name}
            onChange={event => setName(event.currentTarget.value)}
          />
          <Button
            type="submit"
            leftSection={<IconPlus size={16} />}
            loading={create.isPending}
            disabled={full || name.trim() === ''}
          >
            Create secret
          </Button>
        </Group>
        {create.error !== null && <ErrorAlert error={create.error} title="The secret was not created" />}
        {create.data !== undefined && (
          <SecretCard
            title={`Secret "${create.data.name}" is ready`}
            text="Give it to your server as DIMMER_SIGNING_SECRET, and never to a page. It is not shown again."
            secret={create.data.secret}
            copyLabel="Copy secret"
            onClose={create.reset}
          />
        )}
      </Stack>
    </form>
  )
}

function MustBeSigned({ attributes, ...place }: SigningPlace & Pick<ContextSigningView, 'attributes'>) {
  const { units } = useScope().project
  const [wanted, setWanted] = useState<readonly string[]>(attributes)
  const { put } = useSigning(place)
  const same = wanted.toSorted().join(' ') === attributes.toSorted().join(' ')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        put.mutate(wanted)
      }}
    >
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TagsInput
            label="Browsers must have signed"
            description="Attributes that tell who somebody is, or that nobody should choose. Sent unsigned, they are refused."
            placeholder={wanted.length === 0 ? 'Nothing' : ''}
            data={[...Object.values(BUILT_IN_UNITS), ...Object.values(units)]}
            flex="1 1 240px"
            value={[...wanted]}
            onChange={setWanted}
          />
          <Button type="submit" variant="default" loading={put.isPending} disabled={same}>
            Save
          </Button>
        </Group>
        {put.error !== null && <ErrorAlert error={put.error} title="Nothing was changed" />}
      </Stack>
    </form>
  )
}

function Signing({ view, ...place }: SigningPlace & { readonly view: ContextSigningView }) {
  const valid = view.secrets.filter(({ revokedAt }) => revokedAt === null)
  const revoked = view.secrets.filter(({ revokedAt }) => revokedAt !== null)
  return (
    <>
      <Stack gap="sm" px="md" pb="md">
        <CreateSecret {...place} full={valid.length > 1} />
        {valid.length + view.attributes.length > 0 && <MustBeSigned {...place} attributes={view.attributes} />}
        {valid.length === 0 && view.attributes.length > 0 && (
          <Text size="sm" c="red">
            There is no valid secret, so browsers are refused as soon as they say who somebody is.
          </Text>
        )}
      </Stack>
      {view.secrets.length > 0 && (
        <ul className={classes.list} aria-label="Signing secrets">
          {[...valid, ...revoked].map(secret => (
            <SecretRow key={secret.id} {...place} secret={secret} />
          ))}
        </ul>
      )}
    </>
  )
}

/** How contexts of browsers are signed in an environment: with which secrets, and what has to be. */
export function SigningPanel({ environmentName, ...place }: SigningPlace & { readonly environmentName: string }) {
  const query = useQuery(contextSigningQuery(useApi(), place.project, place.environment))
  return (
    <Panel
      flush
      title={`Signed contexts of ${environmentName}`}
      description="Anybody can read a browser key. If your server signs who is asking, no browser can claim to be another account."
    >
      <Loaded query={query}>{view => <Signing {...place} view={view} />}</Loaded>
    </Panel>
  )
}
