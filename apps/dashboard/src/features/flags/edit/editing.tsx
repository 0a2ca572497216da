import type { AttributeView } from '@dimmer/protocol'
import { createContext, type ReactNode, useContext } from 'react'
import { type FieldProblem, problemAt } from './model/config-problems.ts'

/** What the fields of an editor offer, and what is wrong in them. */
export interface Editing {
  readonly units: readonly string[]
  readonly variants: readonly string[]
  readonly attributes: readonly AttributeView[]
  readonly segments: readonly { readonly key: string; readonly name: string }[]
  readonly problems: readonly FieldProblem[]
}

const EditingContext = createContext<Editing>({ units: [], variants: [], attributes: [], segments: [], problems: [] })

export function EditingProvider({ editing, children }: { readonly editing: Editing; readonly children: ReactNode }) {
  return <EditingContext value={editing}>{children}</EditingContext>
}

export const useEditing = (): Editing => useContext(EditingContext)

/** What is wrong in the field that stands at the path, or at the first of several; undefined if nothing. */
export function useProblem(...paths: readonly string[]): string | undefined {
  const { problems } = useEditing()
  return paths.map(path => problemAt(problems, path)).find(problem => problem !== undefined)
}
