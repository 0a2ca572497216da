import {
  AdminApiError,
  type FlagConfig,
  type FlagPlace,
  type FlagView,
  type MetricView,
  type RolloutView,
} from '@dimmer/protocol'
import { Alert, Button, Group, Modal, NativeSelect, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { metricsQuery } from '../../../shared/metric-queries.ts'
import { queryKeys } from '../../../shared/query-keys.ts'
import { CopyTextButton } from '../../../shared/ui/copy-text-button.tsx'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { ButtonLink } from '../../../shared/ui/links.tsx'
import { useUnits } from '../../projects/index.ts'
import { completePlan, newPlanForm, planProblems, toPlanInput } from '../model/plan-form.ts'
import { GuardrailFields } from './guardrail-fields.tsx'
import { LibraryGoals, LibraryGuardrails } from './library-fields.tsx'
import { StageFields } from './stage-fields.tsx'

interface Props {
  readonly place: FlagPlace
  readonly flag: FlagView
  readonly config: FlagConfig
  readonly onClose: () => void
  readonly onStarted: (rollout: RolloutView) => void
}

interface WaitingProps extends Pick<Props, 'place' | 'onClose'> {
  readonly draft: RolloutView
  /** Why it was not started. */
  readonly error: Error
}

/** The plan is kept although it could not be started: says why, who can start it, and leads there. */
function DraftWaits({ place, draft, error, onClose }: WaitingProps) {
  const needsOther = error instanceof AdminApiError && error.code === 'approval-needed'
  return (
    <Stack gap="md">
      {needsOther ? (
        <Alert color="yellow" variant="light" title="Others have to approve it">
          {error.message} The plan is saved as a draft. Send its link to those who can approve or start it.
        </Alert>
      ) : (
        <ErrorAlert error={error} title="Saved as a draft, but not started" />
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          Close
        </Button>
        <CopyTextButton
          value={`${window.location.origin}/p/${place.project}/rollouts/${draft.id}?env=${place.environment}`}
          label="Copy its link"
        />
        <ButtonLink to="/p/$project/rollouts/$rollout" params={{ project: place.project, rollout: draft.id }}>
          Open the draft
        </ButtonLink>
      </Group>
    </Stack>
  )
}

const NO_METRICS: readonly MetricView[] = []
const NO_PROBLEMS: ReadonlyMap<string, string> = new Map()

function StartForm({ place, flag, config, onClose, onStarted }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const units = useUnits()
  const [form, setForm] = useState(() => newPlanForm(flag, config.offVariant))
  const library = useQuery(metricsQuery(api, place.project, place.environment)).data ?? NO_METRICS
  const definitions = library.map(({ definition }) => definition)
  const plan = completePlan(form, place, definitions)
  const [tried, setTried] = useState(false)
  const problems = tried ? planProblems(plan) : NO_PROBLEMS
  const change = (part: Partial<typeof form>) => setForm({ ...form, ...part })
  const [draft, setDraft] = useState<RolloutView | undefined>(undefined)
  const create = useMutation({
    mutationFn: async (start: boolean) => {
      const saved = draft ?? (await api.createRollout(place.project, toPlanInput(form, place, definitions)))
      setDraft(saved)
      return start ? await api.actOnRollout(place.project, saved.id, { action: 'start' }) : saved
    },
    onSuccess: onStarted,
    onSettled: () => queries.invalidateQueries({ queryKey: queryKeys.rollouts(place.project) }),
  })
  const submit = (start: boolean) => {
    setTried(true)
    if (planProblems(plan).size === 0) create.mutate(start)
  }
  if (draft !== undefined && create.error !== null) {
    return <DraftWaits place={place} draft={draft} error={create.error} onClose={onClose} />
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        submit(true)
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
        <StageFields stages={form.stages} problems={problems} onChange={stages => change({ stages })} />
        <GuardrailFields project={place.project} form={form} plan={plan} onChange={change}>
          <LibraryGuardrails
            project={place.project}
            form={form}
            library={library}
            plan={plan}
            problems={problems}
            onChange={change}
          />
        </GuardrailFields>
        <LibraryGoals form={form} library={library} problems={problems} onChange={change} />
        <NativeSelect
          label="A roll-back goes to"
          data={[
            { value: 'to-zero', label: 'nobody' },
            { value: 'to-previous-stage', label: 'the share of the stage before' },
          ]}
          value={form.rollBack}
          onChange={({ currentTarget: { value } }) =>
            change({ rollBack: value === 'to-zero' ? 'to-zero' : 'to-previous-stage' })
          }
        />
        {problems.size > 0 && (
          <Alert color="red" variant="light" title="The plan can’t be carried out yet" role="alert">
            {[...problems.values()].join(' ')}
          </Alert>
        )}
        {create.error !== null && <ErrorAlert error={create.error} title="The rollout was not started" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="default" loading={create.isPending && !create.variables} onClick={() => submit(false)}>
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
