import { ActionIcon, Button, Group, NativeSelect, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '../../../shared/ui/icons.ts'
import classes from './edit.module.css'
import { useEditing, useProblem } from './editing.tsx'
import { type ConditionForm, type GroupForm, newGroup, newKey, newTest, partPath } from './model/condition-form.ts'
import { replaced, without } from './model/config-form.ts'
import { TestFields } from './test-fields.tsx'

interface Place {
  /** Where it stands in what is sent. */
  readonly path: string
  /** The outermost group of a condition. */
  readonly top: boolean
}

interface Props {
  readonly group: GroupForm
  readonly at: Place
  /** What it means that the outermost group is empty; absent: everybody. */
  readonly whenEmpty?: string
  readonly onChange: (group: GroupForm) => void
}

const joinOptions = (parts: number) => [
  { value: 'all', label: parts === 1 ? 'This holds' : 'All of these hold' },
  { value: 'any', label: 'Any of these holds' },
  { value: 'not', label: parts > 1 ? 'Not all of these hold' : 'This does not hold' },
]

function SegmentField({ part, path, onChange }: PartProps & { part: Extract<ConditionForm, { kind: 'segment' }> }) {
  const { segments } = useEditing()
  const options = segments.map(({ key, name }) => ({ value: key, label: name === key ? key : `${name} (${key})` }))
  const known = options.some(({ value }) => value === part.segment)
  return (
    <NativeSelect
      aria-label="Segment"
      leftSection={<Text size="xs">in</Text>}
      data={[
        ...(known ? [] : [{ value: part.segment, label: part.segment === '' ? 'Choose a segment' : part.segment }]),
        ...options,
      ]}
      value={part.segment}
      error={useProblem(path)}
      onChange={event => onChange({ ...part, segment: event.currentTarget.value })}
    />
  )
}

interface PartProps {
  readonly part: ConditionForm
  readonly path: string
  readonly onChange: (part: ConditionForm) => void
}

function Part({ part, path, onChange }: PartProps) {
  switch (part.kind) {
    case 'test':
      return <TestFields test={part} path={path} onChange={onChange} />
    case 'segment':
      return <SegmentField part={part} path={path} onChange={onChange} />
    case 'group':
      return <ConditionEditor group={part} at={{ path, top: false }} onChange={onChange} />
    case 'json':
      return <pre className={classes.json}>{JSON.stringify(part.source, null, 2)}</pre>
  }
}

/** A group of conditions: tests, segments, and groups in it. */
export function ConditionEditor({ group, at, whenEmpty = 'No condition: everybody.', onChange }: Props) {
  const error = useProblem(at.path)
  const parts = (next: readonly ConditionForm[]) => onChange({ ...group, parts: next })
  const add = (part: ConditionForm) => parts([...group.parts, part])
  return (
    <fieldset className={classes.group} aria-label={at.top ? 'Conditions' : 'Group of conditions'}>
      {group.parts.length > 0 && (
        <NativeSelect
          aria-label="How these count together"
          size="xs"
          w={190}
          data={joinOptions(group.parts.length)}
          value={group.join}
          onChange={event => {
            const join = event.currentTarget.value
            if (join === 'all' || join === 'any' || join === 'not') onChange({ ...group, join })
          }}
        />
      )}
      {group.parts.length === 0 && (
        <Text size="sm" c="dimmed">
          {group.join === 'all' ? whenEmpty : 'No condition: nobody.'}
        </Text>
      )}
      <ul className={classes.parts}>
        {group.parts.map((part, index) => (
          <li key={part.key} className={classes.part}>
            <div className={classes.grow}>
              <Part
                part={part}
                path={partPath(group, at, index)}
                onChange={next => parts(replaced(group.parts, next))}
              />
            </div>
            <ActionIcon
              variant="subtle"
              color="gray"
              mt={4}
              aria-label={`Remove condition ${index + 1}`}
              onClick={() => parts(without(group.parts, part.key))}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </li>
        ))}
      </ul>
      {error !== undefined && group.parts.length !== 1 && (
        <Text size="xs" c="red">
          {error}
        </Text>
      )}
      <Group gap={4}>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />} onClick={() => add(newTest())}>
          Test
        </Button>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconPlus size={12} />}
          onClick={() => add({ key: newKey(), kind: 'segment', segment: '' })}
        >
          Segment
        </Button>
        <Button size="compact-xs" variant="subtle" leftSection={<IconPlus size={12} />} onClick={() => add(newGroup())}>
          Group
        </Button>
      </Group>
    </fieldset>
  )
}
