import type { AuditChange, AuditEntryView } from '@dimmer/protocol'
import { Group, Text } from '@mantine/core'
import { useState } from 'react'
import { counted } from '../../shared/format/number.ts'
import { IconAlertTriangle } from '../../shared/ui/icons.ts'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'
import classes from './audit.module.css'
import { doneWord, valueWords, whoWords } from './audit-words.ts'

/** So many changes are shown before somebody asks for all. */
const FIRST = 4

function Change({ change: { path, before, after } }: { readonly change: AuditChange }) {
  return (
    <li>
      <Text size="sm" span c="dimmed">
        {path}:{' '}
      </Text>
      {before !== undefined && (
        <Text size="sm" span component="del" c="dimmed">
          {valueWords(before)}
        </Text>
      )}
      {before !== undefined && after !== undefined && ' → '}
      {after !== undefined && (
        <Text size="sm" span component="ins" td="none">
          {valueWords(after)}
        </Text>
      )}
      {after === undefined && (
        <Text size="sm" span c="dimmed">
          {' '}
          (gone)
        </Text>
      )}
    </li>
  )
}

/** What differs, place by place: the first few, and the rest if asked for. */
function Changes({ changes }: { readonly changes: readonly AuditChange[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? changes : changes.slice(0, FIRST)
  if (changes.length === 0) return null
  return (
    <>
      <ul className={classes.changes} aria-label="Changes">
        {shown.map(change => (
          <Change key={change.path} change={change} />
        ))}
      </ul>
      {shown.length < changes.length && (
        <Text component="button" type="button" size="sm" c="indigo" onClick={() => setAll(true)}>
          {counted(changes.length - FIRST, 'more change')}
        </Text>
      )}
    </>
  )
}

function What({ project, entry }: { readonly project: string; readonly entry: AuditEntryView }) {
  const { flag, object } = entry
  const linked = flag !== undefined && object.kind === 'flag'
  return (
    <>
      {linked ? (
        <TextLink to="/p/$project/flags/$flag" params={{ project, flag }} fw={600}>
          {flag}
        </TextLink>
      ) : (
        <KeyText fw={600}>{object.key}</KeyText>
      )}
      {flag !== undefined && !linked && (
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
