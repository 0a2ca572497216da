import { Center, EmptyState } from '@mantine/core'
import { ButtonLink } from '../../shared/ui/links.tsx'

/** For addresses that lead nowhere. */
export function NotFound() {
  return (
    <Center mih="60vh">
      <EmptyState title="There is nothing here" description="The address is wrong, or what was here is gone.">
        <EmptyState.Actions>
          <ButtonLink to="/">To the flags</ButtonLink>
        </EmptyState.Actions>
      </EmptyState>
    </Center>
  )
}
