import { type Flag, type Segment, validateFlag } from '@dimmer/engine'
import { AdminApiError, type FlagConfig, type FlagView } from '@dimmer/protocol'

/** One thing that is wrong, and where: `rules[0].when.all[1].value`. */
export interface FieldProblem {
  readonly path: string
  readonly message: string
}

/** What a flag is checked against. */
export interface Surroundings {
  readonly flags: readonly FlagView[]
  readonly segments: readonly Pick<Segment, 'key' | 'when'>[]
  /** Custom units: name -> attribute. */
  readonly units: Readonly<Record<string, string>>
}

/** The server has the real engine for expressions, and checks them. */
const anyExpression = () => () => false

const flagIn = (view: FlagView, environment: string): readonly Flag[] => {
  const config = view.environments.find(one => one.environment === environment)
  return config === undefined ? [] : [{ ...view, ...config }]
}

/** What is wrong with a config, by the engine's own check. */
export function configProblems(
  flag: FlagView,
  environment: string,
  edited: { readonly config: FlagConfig; readonly around: Surroundings },
): readonly FieldProblem[] {
  const { flags, segments, units } = edited.around
  const { key, type, variants, salt } = flag
  const siblings = {
    flags: Object.fromEntries(flags.flatMap(one => flagIn(one, environment)).map(one => [one.key, one])),
    segments: Object.fromEntries(segments.map(({ key: name, when }) => [name, { key: name, ...(when && { when }) }])),
    units,
  }
  const whole: Flag = { key, type, variants, salt, version: 0, ...edited.config }
  return validateFlag(whole, siblings, { regex: anyExpression }).map(({ path, message }) => ({
    path,
    // The operator stands beside it, and in other words.
    message: message.replace(/^"\w+" needs/, 'needs'),
  }))
}

/** "rules.0.share.percent" and "rules[0].share.percent" are the same place. */
const normal = (path: string): string => path.replace(/\.(\d+)(?=\.|$)/g, '[$1]')

/** What the server found wrong, and where. */
export const serverProblems = (error: Error | null): readonly FieldProblem[] =>
  error instanceof AdminApiError ? error.details.map(({ path, message }) => ({ path: normal(path), message })) : []

/** What is wrong at this very place. */
export const problemAt = (problems: readonly FieldProblem[], path: string): string | undefined =>
  problems.find(problem => problem.path === path)?.message

/** What is wrong at this place or anywhere below it. */
export const problemsUnder = (problems: readonly FieldProblem[], path: string): readonly FieldProblem[] =>
  problems.filter(
    problem =>
      problem.path === path || (/^[.[]/.test(problem.path.slice(path.length)) && problem.path.startsWith(path)),
  )

/** "rules[1].share.percent" as "Rule 2, share percent". */
export function placeWords(path: string): string {
  const [, index, rest] = /^rules\[(\d+)\]\.?(.*)$/.exec(path) ?? []
  const words = (text: string) =>
    text.replace(/\[(\d+)\]/g, (_, at: string) => ` ${Number(at) + 1}`).replaceAll('.', ' ')
  if (index === undefined) return words(path)
  return `Rule ${Number(index) + 1}${rest ? `, ${words(rest)}` : ''}`
}
