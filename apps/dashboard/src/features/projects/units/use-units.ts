import { BUILT_IN_UNITS } from '@dimmer/engine'
import { useMaybeScope } from '../project-scope.tsx'

/** The names of all units that a share may count by: the built-in ones, then those of the project. */
export function useUnits(): readonly string[] {
  const custom = useMaybeScope()?.project.units ?? {}
  return [...Object.keys(BUILT_IN_UNITS), ...Object.keys(custom)]
}
