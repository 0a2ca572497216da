import type { AuditChange, AuditEntryView } from '@dimmer/protocol'
import { Button, Group, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { counted } from '../../shared/format/number.ts'
import { IconAlertTriangle } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import classes from './audit.module.css'
import { doneWord, whoWords } from './audit-words.ts'
import { type ReadableChange, readableChanges } from './readable-changes.ts'

/** So many changes are shown before somebody asks for all. */
const FIRST = 4

function Change({ change: { field, before, after } }: { readonly change: ReadableChange }) {
  return (
    <li className={classes.change}>
      <Text size="sm" component="span" c="dimmed">
        {field}
      </Text>
      <Text size="sm" component="span">
        {before !== undefined && <del className={classes.before}>{before}</del>}
        {before !== undefined && after !== undefined && ' → '}
        {after !== undefined && <ins className={classes.after}>{after}</ins>}
        {after === undefined && <span className={classes.gone}> (gone)</span>}
      </Text>
    </li>
  )
}

/** What differs, field by field: the first few, and the rest if asked for. */
function Changes({ changes }: { readonly changes: readonly AuditChange[] }) {
  const [all, { toggle }] = useDisclosure(false)
  const fields = readableChanges(changes)
  const shown = all ? fields : fields.slice(0, FIRST)
  if (fields.length === 0) return null
  return (
    <>
      <ul className={classes.changes} aria-label="Changes">
        {shown.map(change => (
          <Change key={change.field} change={change} />
        ))}
      </ul>
      {fields.length > FIRST && (
        <Button size="compact-xs" variant="subtle" mt={4} ml={-6} aria-expanded={all} onClick={toggle}>
          {all ? 'Show fewer' : counted(fields.length - FIRST, 'more change')}
        </Button>
      )}
    </>
  )
}

/** So much of an id tells it apart. */
const SHORT_ID = 8

interface WhatProps {
  readonly project: string
  readonly entry: AuditEntryView
}

/** What it was done to, with a way there. */
function Subject({ project, entry: { object } }: WhatProps) {
  const { kind, key } = object
  if (kind === 'flag') {
    return (
      <TextLink to="/p/$project/flags/$flag" params={{ project, flag: key }} fw={600}>
        {key}
      </TextLink>
    )
  }
  if (kind === 'change-request') {
    return (
      <TextLink to="/p/$project/changes/$request" params={{ project, request: key }} fw={600}>
        {key.slice(0, SHORT_ID)}
      </TextLink>
    )
  }
  if (kind === 'rollout') {
    return (
      <TextLink to="/p/$project/rollouts/$rollout" params={{ project, rollout: key }} fw={600}>
        {key.slice(0, SHORT_ID)}
      </TextLink>
    )
  }
  return <KeyText fw={600}>{key}</KeyText>
}

function What({ project, entry }: WhatProps) {
  const { flag, object } = entry
  return (
    <>
      <Subject project={project} entry={entry} />
      {flag !== undefined && object.kind !== 'flag' && (
        <>
          {' '}
          of{' '}
          <TextLink to="/p/$project/flags/$flag" params={{ project, flag }}>
            {flag}
          </TextLink>
        </>
      )}
      {entry.environment !== undefined && ` in ${entry.environment}`}
    </>
  )
}

/** One act: who, what, when, from where, why, and what differs. */
export function AuditEntry({ project, entry }: { readonly project: string; readonly entry: AuditEntryView }) {
  return (
    <li className={classes.entry}>
      <Group justify="space-between" gap={8} wrap="wrap">
        <Text size="sm" component="div">
          <b>{whoWords(entry)}</b> {doneWord(entry.verb)} {entry.object.kind.replaceAll('-', ' ')}{' '}
          <What project={project} entry={entry} />
        </Text>
        <Group gap={8}>
          {entry.flagged !== undefined && (
            <ToneBadge tone="warn" icon={<IconAlertTriangle size={12} />}>
              {entry.flagged === 'kill' ? 'kill' : 'past approvals'}
            </ToneBadge>
          )}
          <Text size="xs" c="dimmed">
            <TimeAgo at={entry.at} />
          </Text>
        </Group>
      </Group>
      {entry.comment !== undefined && (
        <Text size="sm" fs="italic">
          “{entry.comment}”
        </Text>
      )}
      <Changes changes={entry.changes} />
      {entry.redacted && (
        <Text size="xs" c="dimmed">
          Something was taken out here when a person was erased.
        </Text>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        No. {entry.seq}
        {entry.from !== undefined && ` · from ${entry.from.ip}`}
      </Text>
    </li>
  )
}
