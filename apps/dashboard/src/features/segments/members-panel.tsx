import type { PreviewSegment } from '@dimmer/protocol'
import { Stack, Text } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { count, plural } from '../../shared/format/number.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'
import { Names } from '../flags/index.ts'
import { membersQuery } from './segment-queries.ts'

interface Props {
  readonly place: { readonly project: string; readonly segment: string }
  readonly parts: PreviewSegment
  /** Changes whenever `parts` do. */
  readonly mark: string
}

/** Who of the directory is in the segment, as it stands in the form; for those who may not see names: why they don't. */
export function MembersPanel(props: Props) {
  const whyNot = useWhyNot('directory:read', { project: props.place.project })
  return (
    <Panel title="Who is in it" description="Of the accounts and users that Dimmer has been told about.">
      {whyNot === undefined ? (
        <MemberNames {...props} />
      ) : (
        <Text size="sm" c="dimmed">
          {whyNot}
        </Text>
      )}
    </Panel>
  )
}

function MemberNames({ place, parts, mark }: Props) {
  const [settled] = useDebouncedValue(mark, 300, { leading: true })
  const query = useQuery({
    ...membersQuery(useApi(), place, { parts, mark: settled }),
    placeholderData: keepPreviousData,
    retry: false,
  })
  return (
    <Loaded query={query} lines={2} lineHeight={18}>
      {({ accounts, users }) =>
        accounts.all + users.all === 0 ? (
          <Text size="sm" c="dimmed">
            Dimmer doesn't know your accounts yet: send identify() or upload them.
          </Text>
        ) : (
          <Stack gap={4}>
            {(
              [
                ['account', accounts],
                ['user', users],
              ] as const
            ).map(([unit, group]) => (
              <div key={unit}>
                <Text size="sm" fw={600}>
                  {count(group.count)} of {count(group.all)} {plural(unit)}
                </Text>
                {group.count > 0 && <Names unit={unit} group={group} />}
              </div>
            ))}
          </Stack>
        )
      }
    </Loaded>
  )
}
