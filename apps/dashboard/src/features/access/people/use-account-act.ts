import type { AdminClient } from '@dimmer/protocol'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'

/** Does something to an account. Whatever shows people may be different then: pages of all projects do. */
export function useAccountAct<Input, Output>(act: (api: AdminClient, input: Input) => Promise<Output>) {
  const api = useApi()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: Input) => act(api, input),
    onSettled: () => queries.invalidateQueries(),
  })
}
