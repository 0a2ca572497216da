import type { NewSdkKey, SdkKeyView } from '@dimmer/protocol'
import { Box, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { Loaded } from '../../../shared/ui/loaded.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { useWhyNot } from '../../access/index.ts'
import { sdkKeysQuery } from '../project-queries.ts'
import { useScope } from '../project-scope.tsx'
import { CreateKeyForm } from './create-key-form.tsx'
import { KeyRow } from './key-row.tsx'
import { NewKeyCard } from './new-key-card.tsx'
import classes from './sdk-keys.module.css'
import { SigningPanel } from './signing-panel.tsx'

/** In use first, then the newest. */
const inOrder = (a: SdkKeyView, b: SdkKeyView): number =>
  Number(a.revokedAt !== null) - Number(b.revokedAt !== null) || Date.parse(b.createdAt) - Date.parse(a.createdAt)

/** The keys of one environment: make, see, revoke. For those who may not: why. */
export function SdkKeys() {
  const { project, environment } = useScope()
  const whyNot = useWhyNot('key:manage', { project: project.key, environment: environment.key })
  if (whyNot === undefined) return <Keys />
  return (
    <Panel title={`Keys of ${environment.name}`}>
      <Text size="sm" c="dimmed">
        {whyNot}
      </Text>
    </Panel>
  )
}

function Keys() {
  const { project, environment } = useScope()
  const query = useQuery(sdkKeysQuery(useApi(), project.key, environment.key))
  const [created, setCreated] = useState<NewSdkKey | undefined>(undefined)
  const place = { project: project.key, environment: environment.key }
  return (
    <>
      {created !== undefined && <NewKeyCard sdkKey={created} onClose={() => setCreated(undefined)} />}
      <Panel title={`New key for ${environment.name}`}>
        <CreateKeyForm {...place} onCreated={setCreated} />
      </Panel>
      <Panel flush title={`Keys of ${environment.name}`}>
        <Loaded query={query}>
          {keys =>
            keys.length === 0 ? (
              <Box px="md" pb="md">
                <Text size="sm" c="dimmed">
                  None yet. An SDK needs one to get the flags of {environment.name}.
                </Text>
              </Box>
            ) : (
              <ul className={classes.list} aria-label="SDK keys">
                {keys.toSorted(inOrder).map(sdkKey => (
                  <KeyRow key={sdkKey.id} {...place} sdkKey={sdkKey} />
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
      <SigningPanel {...place} environmentName={environment.name} />
    </>
  )
}
