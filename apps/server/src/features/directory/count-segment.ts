import { type Flag, type Ruleset, type Segment, validateRuleset } from '@dimmer/engine'
import { linearRegex } from '@dimmer/node/follow'
import type { PreviewSegment, SegmentMembers } from '@dimmer/protocol'
import { AppError } from '../../kernel/errors.ts'
import { selectUnits } from '../projects/index.ts'
import { patchedSegment, selectSegments } from '../segments/index.ts'
import { compareRulesets } from './forecast-config.ts'
import type { DirectoryDeps } from './upload-directory.ts'

/** A flag that those have who are in the segment. */
const memberFlag = (segment: string, on: boolean): Flag => ({
  key: 'member',
  type: 'boolean',
  variants: { on: true, off: false },
  salt: 'member',
  version: 0,
  on,
  offVariant: 'off',
  prerequisites: [],
  rules: [{ id: 'member', when: { segment }, serve: { variant: 'on' } }],
  fallthrough: { variant: 'off' },
})

function assertSound(ruleset: Ruleset, key: string): void {
  const found = validateRuleset(ruleset, { regex: linearRegex })
  // That a flag cannot use a broken segment says nothing new.
  const problems = found.filter(({ path }) => !path.startsWith('flags.'))
  if (problems.length === 0) return
  const place = `segments.${key}.`
  const details = problems.map(({ path, message }) => ({ path: path.replace(place, ''), message }))
  throw new AppError('invalid-segment', problems.map(({ message }) => message).join(' '), { details })
}

/** Who of the directory is in a segment, or would be if these parts of it were other ones. It need not be there yet. */
export async function countSegment(
  deps: DirectoryDeps,
  { projectId, key }: { readonly projectId: string; readonly key: string },
  parts: PreviewSegment,
): Promise<SegmentMembers> {
  const stored = await selectSegments(deps.db, projectId)
  const known: Segment = Object.hasOwn(stored, key) ? (stored[key] ?? { key }) : { key }
  const segments = { ...stored, [key]: patchedSegment(known, parts) }
  const units = await selectUnits(deps.db, projectId)
  const ruleset = (on: boolean): Ruleset => ({
    schema: 1,
    project: '',
    environment: '',
    version: 0,
    flags: { member: memberFlag(key, on) },
    segments,
    units,
  })
  const after = ruleset(true)
  assertSound(after, key)
  const { forecast } = await compareRulesets(deps, { projectId, flagKey: 'member', before: ruleset(false), after })
  const { accounts, users } = forecast.summary({ by: [] })
  return { accounts: { ...accounts.gains, all: accounts.all }, users: { ...users.gains, all: users.all } }
}
