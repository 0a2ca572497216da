import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'

/** An environment whose contexts are signed. */
export interface SigningPlace {
  readonly project: string
  readonly environment: string
}

/** What can be changed about how contexts are signed. */
export function useSigning({ project, environment }: SigningPlace) {
  const api = useApi()
  const queries = useQueryClient()
  const onSuccess = () => queries.invalidateQueries({ queryKey: queryKeys.contextSigning(project, environment) })
  return {
    create: useMutation({
      mutationFn: (name: string) => api.createSigningSecret(project, environment, { name }),
      onSuccess,
    }),
    revoke: useMutation({ mutationFn: (id: string) => api.revokeSigningSecret(project, environment, id), onSuccess }),
    put: useMutation({
      mutationFn: (attributes: readonly string[]) =>
        api.putContextSigning(project, environment, { attributes: [...attributes] }),
      onSuccess,
    }),
  }
}
