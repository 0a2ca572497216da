import type { NewConnection } from '@dimmer/protocol'
import { Button, Group, Modal, MultiSelect, NativeSelect, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { ErrorAlert, fieldError, withoutFields } from '../../shared/ui/error-alert.tsx'
import { NameAndKeyFields } from '../../shared/ui/name-and-key.tsx'
import { useUnits } from '../projects/index.ts'
import { type Place, useConnectionAct } from './connection-queries.ts'
import { type ConnectionForm, connectionOf, emptyForm, missingIn, withKind } from './model/connection-form.ts'
import { asKind, KIND_ORDER, KINDS } from './model/kinds.ts'

interface Props {
  readonly place: Place
  readonly opened: boolean
  readonly onClose: () => void
  readonly onCreated: (connection: NewConnection) => void
}

interface FieldsProps {
  readonly form: ConnectionForm
  readonly error: Error | null
  readonly onChange: (form: ConnectionForm) => void
}

const FIELDS = ['settings.url', 'secret']

/** What only some kinds need. */
function KindFields({ form, error, onChange }: FieldsProps) {
  const { url, secret, sink } = KINDS[form.kind]
  const units = useUnits()
  return (
    <>
      {url !== undefined && (
        <TextInput
          label={url.label}
          description={url.hint}
          type="url"
          required
          value={form.url}
          error={fieldError(error, 'settings.url')}
          onChange={event => onChange({ ...form, url: event.currentTarget.value })}
        />
      )}
      <PasswordInput
        label={secret.label}
        description={secret.hint}
        required={secret.required}
        autoComplete="off"
        value={form.secret}
        error={fieldError(error, 'secret')}
        onChange={event => onChange({ ...form, secret: event.currentTarget.value })}
      />
      {sink && (
        <MultiSelect
          label="Whose assignments are sent"
          description="Ids and variants of these units; nothing else about them."
          data={[...units]}
          value={[...form.units]}
          onChange={chosen => onChange({ ...form, units: chosen })}
        />
      )}
    </>
  )
}

function Form({ place, onClose, onCreated }: Omit<Props, 'opened'>) {
  const [form, setForm] = useState(() => emptyForm('tickets'))
  const create = useConnectionAct(place, (api, filled: ConnectionForm) =>
    api.createConnection(place.project, place.environment, connectionOf(filled)),
  )
  const missing = missingIn(form)
  const error = withoutFields(create.error, FIELDS)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate(form, { onSuccess: onCreated })
      }}
    >
      <Stack gap="md">
        <NativeSelect
          label="What"
          description={KINDS[form.kind].purpose}
          data={KIND_ORDER.map(value => ({ value, label: KINDS[value].label }))}
          value={form.kind}
          onChange={event => {
            create.reset()
            setForm(withKind(form, asKind(event.currentTarget.value) ?? form.kind))
          }}
        />
        <NameAndKeyFields
          value={form.named}
          onChange={named => setForm({ ...form, named })}
          namePlaceholder="Help desk"
          keyHint="Names it in the API and the audit log; it can't be changed later."
        />
        <KindFields form={form} error={create.error} onChange={setForm} />
        {error !== null && <ErrorAlert error={error} title="It was not connected" />}
        <Group justify="flex-end" gap="xs">
          <Text size="xs" c="dimmed" flex="1 1 160px">
            {missing}
          </Text>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={missing !== undefined}>
            Connect
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks for what a connection of its kind needs. */
export function CreateConnectionDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Connect another system" centered>
      <Form onClose={onClose} {...rest} />
    </Modal>
  )
}
