import { readdirSync, readFileSync } from 'node:fs'
import type { Evaluation, FlagKey, Ruleset } from '../src/index.ts'

/** One language-neutral case. What `expect` doesn't name must be absent from the evaluation. */
export interface SpecCase {
  readonly name: string
  readonly flag: FlagKey
  readonly context: unknown
  /** RFC 3339. */
  readonly now: string
  readonly expect: Pick<Evaluation, 'reason'> & Partial<Evaluation>
}

export interface SpecFile {
  readonly name: string
  readonly ruleset: Ruleset
  readonly cases: readonly SpecCase[]
}

const FOLDER = new URL('../../../spec/', import.meta.url)

/** The evaluation that a case expects, complete. */
export function expectedEvaluation(file: SpecFile, { flag, expect }: SpecCase): Evaluation {
  const nothing = {
    variant: undefined,
    value: undefined,
    unit: undefined,
    heldOutBy: undefined,
    missingUnit: undefined,
  }
  const flagVersion = Object.hasOwn(file.ruleset.flags, flag) ? (file.ruleset.flags[flag]?.version ?? 0) : 0
  return { ...nothing, flagKey: flag, flagVersion, ...expect }
}

/** The files of `spec/` that hold a ruleset and cases. */
export function readSpec(): readonly SpecFile[] {
  const files = readdirSync(FOLDER).filter(name => name.endsWith('.json'))
  const contents = files.map(name => JSON.parse(readFileSync(new URL(name, FOLDER), 'utf8')) as SpecFile)
  return contents.filter(content => 'cases' in content && 'ruleset' in content)
}
