import { Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { retentionQuery } from './directory-queries.ts'
import { keptLines } from './privacy-words.ts'

/** What is kept how long: to see, not to change. */
export function RetentionPanel() {
  const query = useQuery(retentionQuery(useApi()))
  return (
    <Panel
      title="How long things are kept"
      description="For all projects. Whoever runs the server sets it, with the environment variables named here."
    >
      <Loaded query={query} lines={3} lineHeight={32}>
        {retention => (
          <Table aria-label="How long things are kept" horizontalSpacing={0}>
            <Table.Tbody>
              {keptLines(retention).map(({ what, howLong, setting }) => (
                <Table.Tr key={what}>
                  <Table.Th scope="row" fw={400}>
                    {what}
                    {setting !== undefined && (
                      <Text size="xs" c="dimmed">
                        <KeyText>{setting}</KeyText>
                      </Text>
                    )}
                  </Table.Th>
                  <Table.Td ta="right" fw={600}>
                    {howLong}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Loaded>
    </Panel>
  )
}
