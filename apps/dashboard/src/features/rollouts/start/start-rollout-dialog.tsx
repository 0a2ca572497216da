import type { FlagConfig, FlagPlace, FlagView, RolloutView } from '@dimmer/protocol'
import { Button, Group, Modal, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { useUnits } from '../../projects/index.ts'
import { newPlanForm, toPlanInput } from '../model/plan-form.ts'
import { GuardrailFields } from './guardrail-fields.tsx'
import { StageFields } from './stage-fields.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  readonly config: FlagConfig
  readonly onClose: () => void
  readonly onStarted: (rollout: RolloutView) => void
}

function StartForm({ place, flag, config, onClose, onStarted }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const units = useUnits()
  const [form, setForm] = useState(() => newPlanForm(flag, config.offVariant))
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const create = useMutation({
    mutationFn: async (start: boolean) => {
      const draft = await api.createRollout(place.project, toPlanInput(form, place))
      return start ? await api.actOnRollout(place.project, draft.id, { action: 'start' }) : draft
    },
    onSuccess: onStarted,
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.rollouts(place.project) }),
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate(true)
      }}
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="sm">
          <NativeSelect
            label="Variant"
            data={Object.keys(flag.variants)}
            value={form.variant}
            onChange={event => change({ variant: event.currentTarget.value })}
          />
          <NativeSelect
            label="What the share counts"
            data={[...units]}
            value={form.unit}
            onChange={event => change({ unit: event.currentTarget.value })}
          />
          <TextInput
            label="Rule it sets"
            required
            value={form.ruleId}
            onChange={event => change({ ruleId: event.currentTarget.value })}
          />
        </SimpleGrid>
        <StageFields stages={form.stages} onChange={stages => change({ stages })} />
        <GuardrailFields form={form} onChange={change} />
        {create.error !== null && <ErrorAlert error={create.error} title="The rollout was not started" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            variant="default"
            loading={create.isPending && !create.variables}
            onClick={() => create.mutate(false)}
          >
            Save as draft
          </Button>
          <Button type="submit" loading={create.isPending && create.variables}>
            Start rollout
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks for a plan and starts it. */
export function StartRolloutDialog({ opened, ...rest }: Props & { readonly opened: boolean }) {
  return (
    <Modal
      opened={opened}
      onClose={rest.onClose}
      title={`Roll out ${rest.flag.name} in ${rest.place.environment}`}
      size="lg"
      centered
    >
      <StartForm {...rest} />
    </Modal>
  )
}
