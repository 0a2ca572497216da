import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { Button, Group, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { Panel } from '../../../shared/ui/panel.tsx'
import { exampleAttributes, readContext } from './explain-context.ts'
import { ExplanationView } from './explanation.tsx'
import { readExplanation } from './read-explanation.ts'

/** "Why does this account have it?": asks the server, and shows each step in words. */
export function ExplainPanel({ place, config }: { readonly place: FlagPlace; readonly config: FlagConfig }) {
  const api = useApi()
  const [form, setForm] = useState({ accountId: '', userId: '', attributes: exampleAttributes(config) })
  const read = readContext(form)
  const explain = useMutation({
    mutationFn: async () => {
      const context = read.ok ? read.context : {}
      return readExplanation(await api.explain(place.project, place.environment, { flag: place.flag, context }))
    },
  })
  return (
    <Panel title="Explain" description="Who gets what here, and why.">
      <form
        onSubmit={event => {
          event.preventDefault()
          explain.mutate()
        }}
      >
        <Stack gap="sm">
          <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
            <TextInput
              label="Account id"
              placeholder="acc-00017"
              value={form.accountId}
              onChange={event => setForm({ ...form, accountId: event.currentTarget.value })}
            />
            <TextInput
              label="User id"
              placeholder="user-00042"
              value={form.userId}
              onChange={event => setForm({ ...form, userId: event.currentTarget.value })}
            />
          </SimpleGrid>
          <Textarea
            label="Other attributes"
            placeholder='{ "plan": "free", "country": "US" }'
            autosize
            minRows={1}
            value={form.attributes}
            error={!read.ok && read.why}
            onChange={event => setForm({ ...form, attributes: event.currentTarget.value })}
          />
          <Group>
            <Button type="submit" variant="default" loading={explain.isPending} disabled={!read.ok}>
              Explain
            </Button>
          </Group>
          {explain.error !== null && <ErrorAlert error={explain.error} title="No explanation" />}
          {explain.data !== undefined && <ExplanationView explanation={explain.data} />}
        </Stack>
      </form>
    </Panel>
  )
}
