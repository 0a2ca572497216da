import { Button, Menu, Text } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useSession } from '../../features/access/index.ts'
import { useApi } from '../../shared/api.tsx'
import { forgetToken } from '../session/token.ts'

/** Who is signed in: to the account, and out. */
export function PersonMenu({ project }: { readonly project: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const session = useSession()
  const signOut = useMutation({ mutationFn: () => api.signOut(), onSuccess: () => queries.resetQueries() })
  if (session?.via === 'break-glass') {
    const leave = () => {
      forgetToken()
      window.location.assign('/')
    }
    return (
      <Button size="compact-sm" variant="subtle" color="gray" onClick={leave}>
        Leave
      </Button>
    )
  }
  const person = session?.person
  if (person == null) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          maw={{ base: 84, sm: 140 }}
          aria-label={`Account of ${person.name}`}
        >
          <Text span inherit truncate>
            {person.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        <Menu.Item renderRoot={props => <Link to="/p/$project/account" params={{ project }} {...props} />}>
          Account
        </Menu.Item>
        <Menu.Item onClick={() => signOut.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
