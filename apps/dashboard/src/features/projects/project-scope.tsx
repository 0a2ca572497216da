import type { EnvironmentView, ProjectView } from '@dimmer/protocol'
import { createContext, type ReactNode, useContext } from 'react'

/** The project and the environment that the page is about. */
export interface Scope {
  readonly project: ProjectView
  readonly environment: EnvironmentView
}

const ScopeContext = createContext<Scope | undefined>(undefined)

export function ScopeProvider({ scope, children }: { readonly scope: Scope; readonly children: ReactNode }) {
  return <ScopeContext value={scope}>{children}</ScopeContext>
}

/** Undefined outside of a project's pages. */
export const useMaybeScope = (): Scope | undefined => useContext(ScopeContext)

export function useScope(): Scope {
  const scope = useMaybeScope()
  if (scope === undefined) throw new Error('useScope needs a ScopeProvider above it')
  return scope
}
