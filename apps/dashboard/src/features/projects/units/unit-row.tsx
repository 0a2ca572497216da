import type { UnitView } from '@dimmer/protocol'
import { Group, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useState } from 'react'
import { plural } from '../../../shared/format/number.ts'
import { ConfirmModal } from '../../../shared/ui/confirm-modal.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import { ListRow } from '../../../shared/ui/row-list.tsx'
import { useWhyNot } from '../../access/index.ts'
import { useDeleteUnit, usePutUnit } from './use-unit-change.ts'

interface Props {
  readonly project: string
  readonly unit: UnitView
}

function ChangeAttribute({ project, unit }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const [attribute, setAttribute] = useState(unit.attribute)
  const put = usePutUnit(project)
  const whyNot = useWhyNot('project:manage', { project })
  return (
    <>
      <GuardedButton whyNot={whyNot} size="xs" variant="default" onClick={open}>
        Change
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Change the unit ${unit.name}?`}
        sentences={['Its id is then read from another attribute. Refused while anything counts by it.']}
        confirmLabel="Change"
        busy={put.isPending}
        error={put.error}
        onConfirm={() => put.mutate({ name: unit.name, attribute: attribute.trim() }, { onSuccess: close })}
      >
        <TextInput
          label="Attribute"
          value={attribute}
          onChange={event => setAttribute(event.currentTarget.value)}
          data-autofocus
        />
      </ConfirmModal>
    </>
  )
}

function Remove({ project, unit }: Props) {
  const [opened, { open, close }] = useDisclosure(false)
  const remove = useDeleteUnit(project)
  const whyNot = useWhyNot('project:manage', { project })
  return (
    <>
      <GuardedButton whyNot={whyNot} size="xs" variant="default" onClick={open}>
        Remove
      </GuardedButton>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Remove the unit ${unit.name}?`}
        sentences={[
          `Shares can no longer count ${plural(unit.name)}. Refused while a flag, a segment or a rollout does.`,
        ]}
        confirmLabel="Remove"
        danger
        busy={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate(unit.name, { onSuccess: close })}
      />
    </>
  )
}

/** One unit, with where its id stands. */
export function UnitRow(props: Props) {
  const { name, attribute, builtIn } = props.unit
  return (
    <ListRow>
      <div>
        <Text fw={600}>{name}</Text>
        <Text size="sm" c="dimmed">
          identified by <KeyText>{attribute}</KeyText>
          {builtIn && ' · in every project'}
        </Text>
      </div>
      {!builtIn && (
        <Group gap="xs">
          <ChangeAttribute key={attribute} {...props} />
          <Remove {...props} />
        </Group>
      )}
    </ListRow>
  )
}
