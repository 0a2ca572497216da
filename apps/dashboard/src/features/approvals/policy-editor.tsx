import { type ApprovalPolicy, type ApprovalPolicyView, ROLES } from '@dimmer/protocol'
import { Checkbox, Fieldset, Group, MultiSelect, NumberInput, Stack, Switch, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { counted } from '../../shared/format/number.ts'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'
import { policyQuery } from './approval-queries.ts'

interface Props {
  readonly project: string
  readonly environment: { readonly key: string; readonly name: string }
}

const USUAL: ApprovalPolicy = {
  switch: true,
  targeting: true,
  shareUpBy: 10,
  approvals: 1,
  roles: ['product', 'engineer', 'admin'],
}

const said = ({ source, approvers }: ApprovalPolicyView): string => {
  const people = `${counted(approvers, 'person')} may approve here.`
  return source === 'set' ? people : `${people} Nobody has set this: production asks for approval once there are two.`
}

function Fields({
  value,
  onChange,
}: {
  readonly value: ApprovalPolicy
  readonly onChange: (to: ApprovalPolicy) => void
}) {
  return (
    <>
      <Checkbox
        label="Switching a flag on or off (a kill never waits)"
        checked={value.switch}
        onChange={event => onChange({ ...value, switch: event.currentTarget.checked })}
      />
      <Checkbox
        label="Rules, prerequisites and what is served; starting a rollout"
        checked={value.targeting}
        onChange={event => onChange({ ...value, targeting: event.currentTarget.checked })}
      />
      <Checkbox
        label="Raising a share"
        checked={value.shareUpBy !== null}
        onChange={event => onChange({ ...value, shareUpBy: event.currentTarget.checked ? 10 : null })}
      />
      {value.shareUpBy !== null && (
        <NumberInput
          label="By more than so many percentage points"
          description="Raises within 24 hours count together."
          min={0}
          max={100}
          maw={280}
          value={value.shareUpBy}
          onChange={points => onChange({ ...value, shareUpBy: Number(points) })}
        />
      )}
      <Group align="flex-start">
        <NumberInput
          label="Approvals needed"
          min={1}
          max={10}
          w={160}
          value={value.approvals}
          onChange={approvals => onChange({ ...value, approvals: Number(approvals) })}
        />
        <MultiSelect
          label="By people who are"
          flex="1 1 240px"
          data={[...ROLES]}
          value={[...value.roles]}
          onChange={roles => onChange({ ...value, roles: ROLES.filter(role => roles.includes(role)) })}
        />
      </Group>
    </>
  )
}

function Form({ project, environment, view }: Props & { readonly view: ApprovalPolicyView }) {
  const api = useApi()
  const queries = useQueryClient()
  const [policy, setPolicy] = useState(view.policy)
  const save = useMutation({
    mutationFn: () => api.setApprovalPolicy(project, environment.key, { policy }),
    onSuccess: saved => {
      queries.setQueryData(queryKeys.approvalPolicy(project, environment.key), saved)
      return queries.invalidateQueries({ queryKey: queryKeys.changeRequests(project) })
    },
  })
  const mayNot = useWhyNot('project:manage', { project, environment: environment.key })
  const changed = JSON.stringify(policy) !== JSON.stringify(view.policy)
  return (
    <>
      <Text size="sm" c="dimmed">
        {said(view)}
      </Text>
      {mayNot !== undefined && (
        <Text size="sm" c="dimmed">
          {mayNot}
        </Text>
      )}
      <Fieldset variant="unstyled" disabled={mayNot !== undefined}>
        <Stack gap="sm">
          <Switch
            label="Others must approve changes"
            checked={policy !== null}
            onChange={event => setPolicy(event.currentTarget.checked ? (view.policy ?? USUAL) : null)}
          />
          {policy !== null && <Fields value={policy} onChange={setPolicy} />}
        </Stack>
      </Fieldset>
      {save.error !== null && <ErrorAlert error={save.error} />}
      <Group>
        <GuardedButton whyNot={mayNot} disabled={!changed} loading={save.isPending} onClick={() => save.mutate()}>
          Save
        </GuardedButton>
      </Group>
    </>
  )
}

/** Which changes others must approve in an environment. */
export function PolicyEditor(props: Props) {
  const query = useQuery(policyQuery(useApi(), props.project, props.environment.key))
  return (
    <Panel title={`What needs approval in ${props.environment.name}`}>
      <Loaded query={query}>{view => <Form key={JSON.stringify(view.policy)} {...props} view={view} />}</Loaded>
    </Panel>
  )
}
