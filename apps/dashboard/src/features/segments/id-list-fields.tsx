import type { SegmentListView } from '@dimmer/protocol'
import { Button, FileButton, Group, NativeSelect, Stack, Text, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { downloadText } from '../../shared/download-text.ts'
import { count, counted, plural } from '../../shared/format/number.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { useUnits } from '../projects/index.ts'
import { type CombineMode, combineIds, MOST_IDS, readFile, readText } from './model/read-ids.ts'
import { allIds } from './segment-queries.ts'

/** What a list would be: as it is stored (`ids` undefined), with new ids, or null: no list. */
export type ListDraft = { readonly unit: string; readonly ids: readonly string[] | undefined } | null

interface Props {
  readonly place: { readonly project: string; readonly segment: string }
  readonly of: 'list' | 'exclude'
  readonly stored: SegmentListView | undefined
  readonly draft: ListDraft
  readonly error: string | undefined
  readonly onChange: (draft: ListDraft) => void
}

const MODES: readonly { readonly value: CombineMode; readonly label: string }[] = [
  { value: 'add', label: 'Add to the list' },
  { value: 'replace', label: 'Replace the list' },
  { value: 'remove', label: 'Take off the list' },
]

function Summary({ draft, stored }: { readonly draft: NonNullable<ListDraft>; readonly stored: Props['stored'] }) {
  const known = draft.ids === undefined
  const total = known ? (stored?.count ?? 0) : draft.ids.length
  const sample = known ? (stored?.sample ?? []) : draft.ids.slice(0, 10)
  if (total === 0) return null
  return (
    <Text size="sm">
      {counted(total, draft.unit)}: <KeyText c="dimmed">{sample.join(', ')}</KeyText>
      {total > sample.length && ` and ${count(total - sample.length)} more`}
    </Text>
  )
}

/** A list of unit ids: pasted or read from a file, up to a million, with no more than ten of them on the page. */
export function IdListFields({ place, of, stored, draft, error, onChange }: Props) {
  const api = useApi()
  const units = useUnits()
  const [mode, setMode] = useState<CombineMode>('add')
  const [progress, setProgress] = useState(0)
  const [newUnit, setNewUnit] = useState('account')
  const unit = draft?.unit ?? newUnit
  const current = async () => {
    if (draft === null) return []
    return draft.ids ?? (stored === undefined ? [] : await allIds(api, place, of))
  }
  const take = useMutation({
    mutationFn: async (source: string | Blob) => {
      const read =
        typeof source === 'string' ? await readText(source, setProgress) : await readFile(source, setProgress)
      const ids = combineIds(mode === 'replace' ? [] : await current(), read.ids, mode)
      if (ids.length > MOST_IDS)
        throw new Error(`That would be ${count(ids.length)} ids; a list has ${count(MOST_IDS)} at the most.`)
      onChange(ids.length === 0 ? null : { unit, ids })
      return read
    },
  })
  // The list is sent with its unit, so its ids are needed.
  const changeUnit = useMutation({
    mutationFn: async (chosen: string) => {
      setNewUnit(chosen)
      if (draft !== null) onChange({ unit: chosen, ids: await current() })
    },
  })
  const download = useMutation({
    mutationFn: async () => downloadText(`${place.segment}-${of}.csv`, (await current()).join('\n')),
  })
  return (
    <Stack gap="xs">
      {draft !== null && <Summary draft={draft} stored={stored} />}
      <Group gap="xs">
        <NativeSelect
          size="xs"
          aria-label={`Ids of what, ${of}`}
          leftSection="of"
          data={[...new Set([...units, unit])].map(value => ({ value, label: plural(value) }))}
          value={unit}
          onChange={event => changeUnit.mutate(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          aria-label={`What to do with new ids, ${of}`}
          data={[...MODES]}
          value={mode}
          onChange={event => setMode(MODES.find(({ value }) => value === event.currentTarget.value)?.value ?? 'add')}
        />
        <FileButton onChange={file => file !== null && take.mutate(file)} accept=".csv,.txt,.tsv,text/plain,text/csv">
          {props => (
            <Button size="xs" variant="default" loading={take.isPending} {...props}>
              Read a file
            </Button>
          )}
        </FileButton>
        {draft !== null && (
          <>
            <Button size="xs" variant="default" loading={download.isPending} onClick={() => download.mutate()}>
              Download
            </Button>
            <Button size="xs" variant="subtle" color="gray" onClick={() => onChange(null)}>
              Remove list
            </Button>
          </>
        )}
      </Group>
      <PasteBox label={`Paste ids, ${of}`} busy={take.isPending} error={error} onText={take.mutate} />
      {take.isPending && (
        <Text size="xs" c="dimmed" role="status">
          {count(progress)} ids read
        </Text>
      )}
      {take.data !== undefined && (
        <Text size="xs" c="dimmed" role="status">
          {counted(take.data.ids.length, 'id')} read
          {take.data.repeated > 0 && `, ${count(take.data.repeated)} of them more than once`}
          {take.data.tooLong > 0 && `; ${count(take.data.tooLong)} left out: longer than 200 characters`}.
        </Text>
      )}
      {take.error !== null && <ErrorAlert error={take.error} title="The ids were not taken" />}
      {[download.error, changeUnit.error].map(
        failed => failed !== null && <ErrorAlert key={failed.message} error={failed} />,
      )}
    </Stack>
  )
}

interface PasteProps {
  readonly label: string
  readonly busy: boolean
  readonly error: string | undefined
  readonly onText: (text: string) => void
}

/** Takes what is pasted without showing it: a field with a million lines would freeze the page. */
function PasteBox({ label, busy, error, onText }: PasteProps) {
  const [text, setText] = useState('')
  const take = () => {
    if (text.trim() === '') return
    onText(text)
    setText('')
  }
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Textarea
        aria-label={label}
        placeholder="Paste ids here, or type them, one per line"
        flex={1}
        autosize
        minRows={1}
        maxRows={6}
        disabled={busy}
        value={text}
        error={error}
        onChange={event => setText(event.currentTarget.value)}
        onPaste={event => {
          event.preventDefault()
          onText(event.clipboardData.getData('text'))
        }}
      />
      <Button variant="default" disabled={text.trim() === ''} onClick={take}>
        Take
      </Button>
    </Group>
  )
}
