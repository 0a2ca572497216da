import type { FlagView } from '@dimmer/protocol'
import { Button, Group, Modal, SegmentedControl, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'
import { ErrorAlert } from '../../../shared/ui/error-alert.tsx'
import { NameAndKeyFields } from '../../../shared/ui/name-and-key.tsx'
import { EMPTY_FLAG_FORM, parseVariants, toCreateFlag, VARIANT_EXAMPLES } from './create-flag-form.ts'

interface Props {
  readonly project: string
  readonly opened: boolean
  readonly onClose: () => void
  readonly onCreated: (flag: FlagView) => void
}

const TYPES: readonly { value: FlagView['type']; label: string }[] = [
  { value: 'boolean', label: 'On / off' },
  { value: 'string', label: 'Text' },
  { value: 'number', label: 'Number' },
  { value: 'json', label: 'JSON' },
]

function CreateFlagForm({ project, onClose, onCreated }: Omit<Props, 'opened'>) {
  const api = useApi()
  const queries = useQueryClient()
  const [form, setForm] = useState(EMPTY_FLAG_FORM)
  const parsed = form.type === 'boolean' ? undefined : parseVariants(form.type, form.variants)
  const ready = form.key !== '' && form.name !== '' && parsed?.ok !== false
  const create = useMutation({
    mutationFn: () => api.createFlag(project, toCreateFlag(form, parsed?.ok ? parsed.variants : undefined)),
    onSuccess: flag => {
      void queries.invalidateQueries({ queryKey: queryKeys.flags(project) })
      onCreated(flag)
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Stack gap="md">
        <NameAndKeyFields
          value={form}
          onChange={value => setForm({ ...form, ...value })}
          namePlaceholder="New PDF engine"
          keyHint="Stands in your code and can't be changed later."
        />
        <Textarea
          label="Description"
          autosize
          minRows={1}
          value={form.description}
          onChange={event => setForm({ ...form, description: event.currentTarget.value })}
        />
        <Stack gap={4}>
          <Text size="sm" fw={600} id="flag-type">
            Type
          </Text>
          <SegmentedControl
            aria-labelledby="flag-type"
            data={[...TYPES]}
            value={form.type}
            onChange={type => setForm({ ...form, type })}
          />
        </Stack>
        {form.type !== 'boolean' && (
          <Textarea
            label="Variants"
            description="One per line: key: value. The first is served while the flag is off."
            placeholder={VARIANT_EXAMPLES[form.type]}
            autosize
            minRows={2}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            error={form.variants !== '' && parsed?.ok === false && parsed.why}
            value={form.variants}
            onChange={event => setForm({ ...form, variants: event.currentTarget.value })}
          />
        )}
        <Text size="sm" c="dimmed">
          A new flag is off in every environment.
        </Text>
        {create.error !== null && <ErrorAlert error={create.error} title="The flag was not created" />}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!ready}>
            Create flag
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** Asks for what a flag needs at least. */
export function CreateFlagDialog({ opened, onClose, ...rest }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Create a flag" centered>
      <CreateFlagForm onClose={onClose} {...rest} />
    </Modal>
  )
}
