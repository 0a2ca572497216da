import { Group, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { plural } from '../../../shared/format/number.ts'
import { ErrorAlert, fieldError, withoutFields } from '../../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../../shared/ui/guarded.tsx'
import { IconPlus } from '../../../shared/ui/icons.ts'
import { useWhyNot } from '../../access/index.ts'
import { usePutUnit } from './use-unit-change.ts'

const EMPTY = { name: '', attribute: '' }
const FIELDS = ['name', 'attribute']

/** Declares a unit. */
export function UnitForm({ project }: { readonly project: string }) {
  const [form, setForm] = useState(EMPTY)
  const put = usePutUnit(project)
  const whyNot = useWhyNot('project:manage', { project })
  const declare = () =>
    put.mutate(
      { name: form.name.trim(), attribute: form.attribute.trim() },
      {
        onSuccess: ({ name }) => {
          setForm(EMPTY)
          notifications.show({ message: `Shares may now count ${plural(name)}.` })
        },
      },
    )
  const alert = withoutFields(put.error, FIELDS)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        declare()
      }}
    >
      <Stack gap="sm">
        <Group align="flex-start" gap="sm">
          <TextInput
            label="Name"
            description="As in: 5 % of workspaces"
            placeholder="workspace"
            required
            flex="1 1 180px"
            value={form.name}
            error={fieldError(put.error, 'name')}
            onChange={event => setForm({ ...form, name: event.currentTarget.value })}
          />
          <TextInput
            label="Attribute"
            description="Where its id stands in the context"
            placeholder="workspace.id"
            required
            flex="1 1 180px"
            value={form.attribute}
            error={fieldError(put.error, 'attribute')}
            onChange={event => setForm({ ...form, attribute: event.currentTarget.value })}
          />
        </Group>
        {alert !== null && <ErrorAlert error={alert} title="The unit was not declared" />}
        <Group>
          <GuardedButton
            whyNot={whyNot}
            type="submit"
            leftSection={<IconPlus size={16} />}
            loading={put.isPending}
            disabled={form.name.trim() === '' || form.attribute.trim() === ''}
          >
            Declare unit
          </GuardedButton>
        </Group>
      </Stack>
    </form>
  )
}
