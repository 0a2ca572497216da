import type { PrivateAttributesPut } from '@dimmer/protocol'
import { Autocomplete, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { attributesQuery } from '../../shared/targeting-queries.ts'
import { ConfirmModal } from '../../shared/ui/confirm-modal.tsx'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { ListRow, NothingYet, RowList } from '../../shared/ui/row-list.tsx'
import { useWhyNot } from '../access/index.ts'
import { privateAttributesQuery } from './directory-queries.ts'
import { declaredWords } from './privacy-words.ts'

interface Props {
  readonly project: string
  /** Those that are private now. */
  readonly attributes: readonly string[]
}

/** Declares these, and no others, as private. */
function useDeclare(project: string) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (attributes: readonly string[]) => api.putPrivateAttributes(project, attributes),
    onSuccess: ({ attributes }: PrivateAttributesPut) => {
      queries.setQueryData(queryKeys.privateAttributes(project), { attributes })
      void queries.invalidateQueries({ queryKey: queryKeys.attributes(project) })
    },
  })
}

function DeclareForm({ project, attributes }: Props) {
  const api = useApi()
  const [path, setPath] = useState('')
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('project:manage', { project })
  const mayLookUp = useWhyNot('directory:read', { project }) === undefined
  const { data: known = [] } = useQuery({ ...attributesQuery(api, project), enabled: mayLookUp })
  const declare = useDeclare(project)
  const wanted = path.trim()
  const choices = [...new Set(known.map(one => one.path))].filter(one => !attributes.includes(one))
  const onConfirm = () =>
    declare.mutate([...attributes, wanted], {
      onSuccess: () => {
        setPath('')
        close()
      },
    })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (whyNot === undefined && wanted !== '') open()
      }}
    >
      <Group align="flex-end" gap="sm">
        <Autocomplete
          label="Attribute"
          description="A dotted path, as rules name it: email, home.street"
          flex="1 1 240px"
          maw={420}
          data={choices}
          disabled={whyNot !== undefined}
          value={path}
          onChange={setPath}
        />
        <GuardedButton whyNot={whyNot} type="submit" disabled={wanted === '' || attributes.includes(wanted)}>
          Make private
        </GuardedButton>
      </Group>
      <Text size="sm" c="dimmed" role="status" mt="xs">
        {declare.data !== undefined && declaredWords(declare.data.attributes.slice(-1), declare.data.deletedFrom)}
      </Text>
      <ConfirmModal
        opened={opened}
        onClose={close}
        title={`Make ${wanted} private?`}
        sentences={[
          'What the directory has of it is deleted at once. Making it open again brings nothing back.',
          'Rules may go on to test it: the SDK of your server decides in its process, and sends none of it.',
          'Forecasts no longer know it, so rules that test it count nobody there.',
        ]}
        confirmLabel="Make private"
        danger
        busy={declare.isPending}
        error={declare.error}
        onConfirm={onConfirm}
      />
    </form>
  )
}

function Declared({ project, attributes }: Props) {
  const whyNot = useWhyNot('project:manage', { project })
  const open = useDeclare(project)
  if (attributes.length === 0) {
    return <NothingYet>None yet: all attributes that SDKs and uploads send are stored.</NothingYet>
  }
  return (
    <>
      <RowList label="Private attributes">
        {attributes.map(attribute => (
          <ListRow key={attribute}>
            <KeyText fw={600}>{attribute}</KeyText>
            <GuardedButton
              whyNot={whyNot}
              size="xs"
              variant="default"
              aria-label={`Make ${attribute} open`}
              loading={open.isPending}
              onClick={() => open.mutate(attributes.filter(one => one !== attribute))}
            >
              Make open
            </GuardedButton>
          </ListRow>
        ))}
      </RowList>
      {open.error !== null && <ErrorAlert error={open.error} />}
    </>
  )
}

/** Attributes that are good to decide by and that nobody should store. */
export function PrivateAttributesPanel({ project }: { readonly project: string }) {
  const query = useQuery(privateAttributesQuery(useApi(), project))
  return (
    <Loaded query={query} lines={2}>
      {({ attributes }) => (
        <>
          <Panel
            title="Make an attribute private"
            description="Rules still decide by it. SDKs no longer send it, the server leaves it out of whatever arrives, and what is stored of it is deleted."
          >
            <DeclareForm project={project} attributes={attributes} />
          </Panel>
          <Panel flush title="Private attributes">
            <Declared project={project} attributes={attributes} />
          </Panel>
        </>
      )}
    </Loaded>
  )
}
