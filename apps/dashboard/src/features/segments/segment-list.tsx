import type { SegmentView } from '@dimmer/protocol'
import { EmptyState, Text } from '@mantine/core'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { segmentWords, usedByWords } from './segment-words.ts'
import classes from './segments.module.css'

/** The segments of a project: who is in each, and what uses it. */
export function SegmentList({
  project,
  segments,
}: {
  readonly project: string
  readonly segments: readonly SegmentView[]
}) {
  if (segments.length === 0) {
    return (
      <Panel>
        <EmptyState
          my="lg"
          title="No segments yet"
          description="A segment is an audience with a name, for the rules of many flags: a condition, a list of ids, or both."
        />
      </Panel>
    )
  }
  return (
    <Panel flush>
      <ul className={classes.list} aria-label="Segments">
        {segments.map(segment => (
          <li key={segment.key} className={classes.row}>
            <div className={classes.name}>
              <TextLink
                to="/p/$project/segments/$segment"
                params={{ project, segment: segment.key }}
                fw={600}
                c="inherit"
              >
                {segment.name}
              </TextLink>{' '}
              <KeyText c="dimmed">{segment.key}</KeyText>
              <Text size="sm">{segmentWords(segment)}</Text>
            </div>
            <Text size="sm" c="dimmed">
              {usedByWords(segment.usedBy)}
            </Text>
          </li>
        ))}
      </ul>
    </Panel>
  )
}
