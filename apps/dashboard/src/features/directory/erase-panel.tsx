import type { Erased } from '@dimmer/protocol'
import { Alert, Checkbox, Group, List, NativeSelect, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { count } from '../../shared/format/number.ts'
import { queryKeys } from '../../shared/query-keys.ts'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { CopyTextButton } from '../../shared/ui/copy-text-button.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconAlertTriangle, IconTrash } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { DANGER } from '../../shared/ui/tone.ts'
import { useWhyNot } from '../access/index.ts'
import { useUnits } from '../projects/index.ts'
import { erasedParts, eraseSentences, foundNothing, type Subject } from './privacy-words.ts'

function StillNamed({ places }: { readonly places: readonly string[] }) {
  if (places.length === 0) return null
  return (
    <Alert color="yellow" icon={<IconAlertTriangle size={18} />} title="Rules and lists still name it">
      <Text size="sm">People wrote these. Change them, or the id goes on to every SDK.</Text>
      <List size="sm" mt={4}>
        {places.map(place => (
          <List.Item key={place}>{place}</List.Item>
        ))}
      </List>
    </Alert>
  )
}

/** What became of it. */
function Result({ subject, erased }: { readonly subject: Subject; readonly erased: Erased }) {
  return (
    <Panel title={`${subject.unit} ${subject.id}: ${foundNothing(erased) ? 'nothing was stored' : 'erased'}`}>
      <Table aria-label="What was erased" maw={480} horizontalSpacing={0}>
        <Table.Tbody>
          {erasedParts(erased).map(({ what, rows }) => (
            <Table.Tr key={what}>
              <Table.Th scope="row" fw={400}>
                {what}
              </Table.Th>
              <Table.Td ta="right">{count(rows)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <StillNamed places={erased.stillNamedIn} />
      <Group gap="xs">
        <Text size="sm">
          The audit log calls it <KeyText>{erased.reference}</KeyText> from now on.
        </Text>
        <CopyTextButton value={erased.reference} label="Copy" />
      </Group>
    </Panel>
  )
}

/** Deletes everything about a person or an account, once it is typed what. */
export function ErasePanel({ project }: { readonly project: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const units = useUnits()
  const whyNot = useWhyNot('project:manage', { project })
  const [subject, setSubject] = useState<Subject>({ unit: 'user', id: '', users: false })
  const [opened, { open, close }] = useDisclosure(false)
  const erase = useMutation({
    mutationFn: (chosen: Subject) => api.eraseUnit(project, chosen),
    onSuccess: () => {
      close()
      setSubject({ ...subject, id: '' })
      void queries.invalidateQueries({ queryKey: queryKeys.project(project) })
    },
  })
  const wanted = { ...subject, id: subject.id.trim() }
  return (
    <>
      <Panel
        title="Erase somebody"
        description="For a person or a customer who asks to be forgotten. It deletes what is stored about one id."
      >
        <form
          onSubmit={event => {
            event.preventDefault()
            if (whyNot === undefined && wanted.id !== '') open()
          }}
        >
          <Group align="flex-end" gap="sm">
            <NativeSelect
              label="What"
              data={[...units]}
              value={subject.unit}
              onChange={event => setSubject({ ...subject, unit: event.currentTarget.value })}
            />
            <TextInput
              label="Id"
              flex="1 1 240px"
              maw={420}
              disabled={whyNot !== undefined}
              value={subject.id}
              onChange={event => setSubject({ ...subject, id: event.currentTarget.value })}
            />
            <GuardedButton
              whyNot={whyNot}
              type="submit"
              color={DANGER}
              leftSection={<IconTrash size={16} />}
              disabled={wanted.id === ''}
            >
              Erase
            </GuardedButton>
          </Group>
          {subject.unit === 'account' && (
            <Checkbox
              mt="sm"
              label="Its users too"
              checked={subject.users}
              onChange={event => setSubject({ ...subject, users: event.currentTarget.checked })}
            />
          )}
        </form>
        <ConfirmModal
          opened={opened}
          onClose={close}
          title={`Erase the ${wanted.unit} ${wanted.id}?`}
          sentences={eraseSentences(wanted)}
          typed={wanted.id}
          confirmLabel="Erase"
          danger
          busy={erase.isPending}
          error={erase.error}
          onConfirm={() => erase.mutate(wanted)}
        />
      </Panel>
      {erase.data !== undefined && <Result subject={erase.variables} erased={erase.data} />}
    </>
  )
}
