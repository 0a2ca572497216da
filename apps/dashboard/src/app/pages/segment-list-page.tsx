import { useDisclosure } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useWhyNot } from '../../features/access/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { CreateSegmentDialog, SegmentList } from '../../features/segments/index.ts'
import { useApi } from '../../shared/api.tsx'
import { segmentsQuery } from '../../shared/targeting-queries.ts'
import { GuardedButton } from '../../shared/ui/guarded.tsx'
import { IconPlus } from '../../shared/ui/icons.ts'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'

export function SegmentListPage() {
  const { project } = useScope()
  const navigate = useNavigate()
  const [opened, { open, close }] = useDisclosure(false)
  const whyNot = useWhyNot('segment:write', { project: project.key, everywhere: true })
  const query = useQuery(segmentsQuery(useApi(), project.key))
  return (
    <Page
      title="Segments"
      documentTitle="Segments"
      description="Audiences with a name, for the rules of many flags. They are the same in every environment."
      actions={
        <GuardedButton whyNot={whyNot} leftSection={<IconPlus size={16} />} onClick={open}>
          Create segment
        </GuardedButton>
      }
    >
      <Loaded query={query} lines={3} lineHeight={68}>
        {segments => <SegmentList project={project.key} segments={segments} />}
      </Loaded>
      <CreateSegmentDialog
        project={project.key}
        taken={(query.data ?? []).map(({ key }) => key)}
        opened={opened}
        onClose={close}
        onCreated={({ key }) => {
          close()
          void navigate({ to: '/p/$project/segments/$segment', params: { project: project.key, segment: key } })
        }}
      />
    </Page>
  )
}
