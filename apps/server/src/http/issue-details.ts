import type { ErrorDetail } from '@dimmer/protocol'
import { NO_OPTION } from './plain-words.ts'

/** What Zod found, as far as it is of use here. `errors`: of a union, what each of its options found. */
export interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
}

const below = (path: readonly PropertyKey[], { path: rest, ...issue }: Issue): Issue => ({
  ...issue,
  path: [...path, ...rest],
})

/**
 * How far what came is from an option, by the names of its fields: one that the option doesn't know says more than one
 * that it lacks, and what is wrong further down says nothing.
 */
const distance = (found: readonly Issue[]): number =>
  found
    .filter(({ path }) => path.length < 2)
    .reduce((sum, { path, keys = [] }) => sum + (path.length === 0 && keys.length > 0 ? 2 * keys.length : 1), 0)

/** The field that an option lacks first, if it lacks one. */
const firstField = (found: readonly Issue[]): string | undefined => {
  const name = found.find(({ path }) => path.length > 0)?.path[0]
  return name === undefined ? undefined : `"${String(name)}"`
}

/** What is wrong with one option of a union where that is clearly the one that was meant; otherwise what there is to choose. */
function unionIssues(issue: Issue, options: readonly (readonly Issue[])[]): readonly Issue[] {
  const nearest = Math.min(...options.map(distance))
  const [meant, ...others] = options.filter(found => distance(found) === nearest)
  if (meant !== undefined && others.length === 0) return meant.map(found => below(issue.path, found)).flatMap(flatten)
  if (issue.message !== NO_OPTION) return [issue]
  const fields = [...new Set(options.flatMap(found => firstField(found) ?? []))]
  if (fields.length > 1)
    return [{ ...issue, message: `must have ${fields.slice(0, -1).join(', ')} or ${fields.at(-1)}` }]
  const wishes = [...new Set(options.flatMap(found => (found.length === 1 ? (found[0]?.message ?? []) : [])))]
  return wishes.length === 0 ? [issue] : [{ ...issue, message: wishes.join(', or ') }]
}

function flatten(issue: Issue): readonly Issue[] {
  const { errors = [] } = issue
  return errors.length === 0 ? [issue] : unionIssues(issue, errors)
}

/** Each thing that was found, with its place as "rules.0.share.percent". */
export const detailsOf = (issues: readonly Issue[]): readonly ErrorDetail[] =>
  issues.flatMap(flatten).map(({ path, message }) => ({ path: path.join('.'), message }))
