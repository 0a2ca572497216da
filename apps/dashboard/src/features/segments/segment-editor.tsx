import type { PatchSegment, SegmentView } from '@dimmer/protocol'
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { attributesQuery, segmentsQuery } from '../../shared/targeting-queries.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'
import { RequestInstead } from '../approvals/index.ts'
import {
  ConditionEditor,
  conditionOf,
  EditingProvider,
  type GroupForm,
  groupFormOf,
  problemAt,
  serverProblems,
} from '../flags/index.ts'
import { useUnits } from '../projects/index.ts'
import { IdListFields, type ListDraft } from './id-list-fields.tsx'
import { MembersPanel } from './members-panel.tsx'

interface Props {
  readonly project: string
  readonly segment: SegmentView
}

interface Draft {
  readonly name: string
  readonly when: GroupForm
  readonly list: ListDraft
  readonly exclude: ListDraft
}

const listDraft = (view: SegmentView['list']): ListDraft =>
  view === undefined ? null : { unit: view.unit, ids: undefined }

const draftOf = ({ name, when, list, exclude }: SegmentView): Draft => ({
  name,
  when: groupFormOf(when),
  list: listDraft(list),
  exclude: listDraft(exclude),
})

/** What is sent of a list: undefined while it is as stored, null to take it away. */
function listPart(draft: ListDraft, stored: boolean): PatchSegment['list'] | undefined {
  if (draft === null) return stored ? null : undefined
  return draft.ids === undefined ? undefined : { unit: draft.unit, ids: [...draft.ids] }
}

/** The parts that differ from what is stored. */
function changesOf(draft: Draft, segment: SegmentView): PatchSegment {
  const when = conditionOf(draft.when)
  const same = JSON.stringify(when) === JSON.stringify(conditionOf(groupFormOf(segment.when)))
  const list = listPart(draft.list, segment.list !== undefined)
  const exclude = listPart(draft.exclude, segment.exclude !== undefined)
  return {
    ...(draft.name === segment.name ? {} : { name: draft.name }),
    ...(same ? {} : { when: when ?? null }),
    ...(list === undefined ? {} : { list }),
    ...(exclude === undefined ? {} : { exclude }),
  }
}

/** Tells drafts apart without reading a million ids. */
const markOf = ({ when, list, exclude }: PatchSegment): string =>
  JSON.stringify([when, [list, exclude].map(one => one && [one.unit, one.ids.length, one.ids[0], one.ids.at(-1)])])

/** Edits who is in a segment: a condition, a list, and a list of those who are not. */
export function SegmentEditor({ project, segment }: Props) {
  const api = useApi()
  const queries = useQueryClient()
  const units = useUnits()
  const mayLookUp = useWhyNot('directory:read', { project }) === undefined
  const whyNot = useWhyNot('segment:write', { project, everywhere: true })
  const { data: attributes = [] } = useQuery({ ...attributesQuery(api, project), enabled: mayLookUp })
  const { data: segments = [] } = useQuery(segmentsQuery(api, project))
  const [base, setBase] = useState(segment)
  const [draft, setDraft] = useState(() => draftOf(segment))
  const changes = changesOf(draft, base)
  const changed = Object.keys(changes).length > 0
  const save = useMutation({
    mutationFn: () => api.patchSegment(project, segment.key, { ...changes, ifUpdatedAt: base.updatedAt }),
    onSuccess: saved => {
      setBase(saved)
      setDraft(draftOf(saved))
      notifications.show({ message: `${saved.name} is saved, in every environment.` })
      void queries.invalidateQueries({ queryKey: queryKeys.segments(project) })
    },
  })
  const edit = (part: Partial<Draft>) => {
    if (save.error !== null) save.reset()
    setDraft({ ...draft, ...part })
  }
  const prefix = `segments.${segment.key}.`
  const problems = serverProblems(save.error).map(({ path, message }) => ({ path: path.replace(prefix, ''), message }))
  const place = { project, segment: segment.key }
  const others = segments.filter(({ key }) => key !== segment.key)
  const { name: _, ...parts } = changes
  return (
    <EditingProvider editing={{ units, variants: [], attributes, segments: others, problems }}>
      <Stack gap="lg">
        <Panel title="Everybody for whom this holds">
          <ConditionEditor
            group={draft.when}
            at={{ path: 'when', top: true }}
            whenEmpty="No condition: only those who are listed."
            onChange={when => edit({ when })}
          />
        </Panel>
        <Panel title="And these" description="A list of ids. Either is enough: the condition or the list.">
          <IdListFields
            place={place}
            of="list"
            stored={base.list}
            draft={draft.list}
            error={problemAt(problems, 'list.unit') ?? problemAt(problems, 'list.ids')}
            onChange={list => edit({ list })}
          />
        </Panel>
        <Panel
          title="But never these"
          description="Whoever is on this list is not in the segment, whatever else holds."
        >
          <IdListFields
            place={place}
            of="exclude"
            stored={base.exclude}
            draft={draft.exclude}
            error={problemAt(problems, 'exclude.unit') ?? problemAt(problems, 'exclude.ids')}
            onChange={exclude => edit({ exclude })}
          />
        </Panel>
        <MembersPanel place={place} parts={parts} mark={markOf(changes)} />
        <Panel>
          <TextInput
            label="Name"
            maw={420}
            value={draft.name}
            onChange={event => edit({ name: event.currentTarget.value })}
          />
          {save.error !== null && <ErrorAlert error={save.error} title="The segment was not saved" />}
          <RequestInstead
            project={project}
            ask={(client, title) =>
              client.requestSegmentChange(project, segment.key, {
                title,
                change: { segment: changes },
                ifUpdatedAt: base.updatedAt,
              })
            }
            error={save.error}
          />
          <Group gap="xs">
            <GuardedButton
              whyNot={whyNot}
              loading={save.isPending}
              disabled={!changed || draft.name.trim() === ''}
              onClick={() => save.mutate()}
            >
              Save
            </GuardedButton>
            <Button
              variant="default"
              disabled={!changed && save.error === null}
              onClick={() => {
                save.reset()
                setBase(segment)
                setDraft(draftOf(segment))
              }}
            >
              Discard
            </Button>
          </Group>
        </Panel>
      </Stack>
    </EditingProvider>
  )
}
