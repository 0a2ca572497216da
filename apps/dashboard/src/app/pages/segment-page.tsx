import { Grid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useScope } from '../../features/projects/index.ts'
import { DeleteSegment, SegmentEditor, SegmentUses, segmentQuery } from '../../features/segments/index.ts'
import { useApi } from '../../shared/api.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function SegmentPage() {
  const { segment: key } = useParams({ from: '/p/$project/segments/$segment' })
  const { project } = useScope()
  const navigate = useNavigate()
  const query = useQuery(segmentQuery(useApi(), project.key, key))
  return (
    <Loaded query={query} lines={4} lineHeight={120}>
      {segment => (
        <Page
          title={segment.name}
          documentTitle={segment.name}
          description={<KeyText>{segment.key}</KeyText>}
          actions={
            <DeleteSegment
              project={project.key}
              segment={segment}
              onDeleted={() => void navigate({ to: '/p/$project/segments', params: { project: project.key } })}
            />
          }
        >
          <Grid gap="lg">
            <Grid.Col span={{ base: 12, md: 8 }}>
              <SegmentEditor key={segment.key} project={project.key} segment={segment} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 4 }}>
              <SegmentUses project={project.key} uses={segment.usedBy} />
            </Grid.Col>
          </Grid>
        </Page>
      )}
    </Loaded>
  )
}
