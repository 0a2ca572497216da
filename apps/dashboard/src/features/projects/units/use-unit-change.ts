import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../../shared/api.tsx'
import { queryKeys } from '../../../shared/query-keys.ts'

function useRefreshProjects() {
  const queries = useQueryClient()
  return () => queries.invalidateQueries({ queryKey: queryKeys.projects })
}

/** Declares a unit, or gives one another attribute. */
export function usePutUnit(project: string) {
  const api = useApi()
  return useMutation({
    mutationFn: ({ name, attribute }: { readonly name: string; readonly attribute: string }) =>
      api.putUnit(project, name, { attribute }),
    onSuccess: useRefreshProjects(),
  })
}

/** Takes a unit away. */
export function useDeleteUnit(project: string) {
  const api = useApi()
  return useMutation({ mutationFn: (name: string) => api.deleteUnit(project, name), onSuccess: useRefreshProjects() })
}
