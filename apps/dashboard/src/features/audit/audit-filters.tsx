import { AUDIT_VERBS, type AuditSearch } from '@dimmer/protocol'
import { Checkbox, Select, TextInput } from '@mantine/core'
import classes from './audit.module.css'
import { doneWord } from './audit-words.ts'

interface Props {
  readonly search: AuditSearch
  readonly environments: readonly string[]
  readonly onChange: (search: AuditSearch) => void
}

const VERBS = AUDIT_VERBS.map(verb => ({ value: verb, label: doneWord(verb).replace(/:$/, '') }))
const KINDS = ['flag', 'segment', 'rollout', 'change-request', 'approval-policy', 'sdk-key', 'person', 'directory']

/** The search with a field set, or without it. */
function withField<Field extends keyof AuditSearch>(
  search: AuditSearch,
  field: Field,
  value: AuditSearch[Field] | undefined,
): AuditSearch {
  const { [field]: _old, ...others } = search
  return value === undefined || value === '' ? others : { ...others, [field]: value }
}

const endOfDay = (day: string): string => new Date(Date.parse(`${day}T00:00:00`) + 86_400_000).toISOString()

/** What to look for. */
export function AuditFilters({ search, environments, onChange }: Props) {
  const set = <Field extends keyof AuditSearch>(field: Field, value: AuditSearch[Field] | undefined) =>
    onChange(withField(search, field, value))
  return (
    <div className={classes.filters}>
      <TextInput
        label="Anywhere in it"
        value={search.text ?? ''}
        onChange={event => set('text', event.currentTarget.value)}
      />
      <TextInput label="Who" value={search.actor ?? ''} onChange={event => set('actor', event.currentTarget.value)} />
      <Select
        label="Did what"
        clearable
        searchable
        data={VERBS}
        value={search.verb ?? null}
        onChange={value =>
          set(
            'verb',
            AUDIT_VERBS.find(verb => verb === value),
          )
        }
      />
      <Select
        label="To what"
        clearable
        data={KINDS.map(kind => ({ value: kind, label: kind.replaceAll('-', ' ') }))}
        value={search.object ?? null}
        onChange={value => set('object', value ?? undefined)}
      />
      <TextInput label="Flag" value={search.flag ?? ''} onChange={event => set('flag', event.currentTarget.value)} />
      <Select
        label="Environment"
        clearable
        data={[...environments]}
        value={search.environment ?? null}
        onChange={value => set('environment', value ?? undefined)}
      />
      <TextInput
        type="date"
        label="From"
        onChange={({ currentTarget: { value } }) =>
          set('from', value === '' ? undefined : new Date(`${value}T00:00:00`).toISOString())
        }
      />
      <TextInput
        type="date"
        label="Up to"
        onChange={({ currentTarget: { value } }) => set('to', value === '' ? undefined : endOfDay(value))}
      />
      <Checkbox
        mt={28}
        label="Only kills, and past approvals"
        checked={search.flagged === 'any'}
        onChange={event => set('flagged', event.currentTarget.checked ? 'any' : undefined)}
      />
    </div>
  )
}
