import type { SegmentUse } from '@dimmer/protocol'
import { List, Text } from '@mantine/core'
import { TextLink } from '../../shared/ui/links.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { usedByWords } from './segment-words.ts'

/** What names the segment, with the way there. */
export function SegmentUses({ project, uses }: { readonly project: string; readonly uses: readonly SegmentUse[] }) {
  return (
    <Panel title="Used by" description={usedByWords(uses)}>
      {uses.length === 0 ? (
        <Text size="sm" c="dimmed">
          Choose it in the rules of a flag, or in another segment.
        </Text>
      ) : (
        <List size="sm" spacing={4}>
          {uses.map(use =>
            use.kind === 'segment' ? (
              <List.Item key={use.segment}>
                segment{' '}
                <TextLink to="/p/$project/segments/$segment" params={{ project, segment: use.segment }} size="sm">
                  {use.segment}
                </TextLink>
              </List.Item>
            ) : (
              <List.Item key={`${use.flag} ${use.environment} ${use.rule}`}>
                <TextLink
                  to="/p/$project/flags/$flag"
                  params={{ project, flag: use.flag }}
                  search={{ env: use.environment }}
                  size="sm"
                >
                  {use.flag}
                </TextLink>{' '}
                in {use.environment}, rule {use.rule}
              </List.Item>
            ),
          )}
        </List>
      )}
    </Panel>
  )
}
