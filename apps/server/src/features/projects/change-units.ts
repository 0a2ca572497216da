import { BUILT_IN_UNITS } from '@dimmer/engine'
import type { UnitView } from '@dimmer/protocol'
import type { Actor } from '../../kernel/actor.ts'
import type { Db, Tx } from '../../kernel/database.ts'
import { AppError } from '../../kernel/errors.ts'
import type { Hub } from '../../kernel/hub.ts'
import { journal } from '../../kernel/journal.ts'
import type { Clock } from '../../ports/clock.ts'
import { projectOf } from './find-environment.ts'
import {
  type Environment,
  nextVersion,
  saveUnits,
  selectEnvironmentsOfProject,
  selectPrivateAttributes,
  selectUnits,
} from './projects-store.ts'
import { type RulesetChanged, type RulesetEvents, recordChange } from './ruleset-log.ts'

type Units = Readonly<Record<string, string>>

export interface UnitDeps {
  readonly db: Db
  readonly clock: Clock
  readonly hub: Hub<RulesetEvents>
  /** Refuses when the environment would not make sense with the units as they are in `tx`. */
  readonly assertRuleset: (tx: Tx, environment: Environment) => Promise<void>
  /** What counts by a unit, in words: 'the flag "new-pdf-engine" in production'. */
  readonly usesOfUnit: (tx: Tx, projectId: string, unit: string) => Promise<readonly string[]>
}

export interface UnitPlace {
  readonly projectId: string
  readonly name: string
  readonly actor: Actor
}

const MOST_UNITS = 50

/** All units of a project, the built-in ones first. */
export function presentUnits(custom: Units): readonly UnitView[] {
  const view =
    (builtIn: boolean) =>
    ([name, attribute]: [string, string]) => ({ name, attribute, builtIn })
  return [...Object.entries(BUILT_IN_UNITS).map(view(true)), ...Object.entries(custom).map(view(false))]
}

/** Units belong to the whole project: each change is a new ruleset version in every environment, or in none. */
async function changeUnits(deps: UnitDeps, place: UnitPlace, change: (tx: Tx, units: Units) => Promise<Units>) {
  const at = new Date(deps.clock.now())
  const changes = await deps.db.transaction().execute(async tx => {
    const versions = new Map<string, number>()
    for (const { id } of await selectEnvironmentsOfProject(tx, place.projectId)) {
      versions.set(id, await nextVersion(tx, id))
    }
    const before = await selectUnits(tx, place.projectId)
    const units = await change(tx, before)
    await saveUnits(tx, place.projectId, units)
    const told: RulesetChanged[] = []
    const environments = await selectEnvironmentsOfProject(tx, place.projectId)
    for (const environment of environments) {
      const version = versions.get(environment.id)
      if (version === undefined) continue
      await deps.assertRuleset(tx, environment)
      told.push(await recordChange(tx, { environment, version, units, actor: place.actor, at }))
    }
    await journalUnits(tx, { place, at, before, after: units, environment: environments[0] })
    return told
  })
  for (const changed of changes) deps.hub.emit('ruleset-changed', changed)
}

const attributeOf = (units: Units, name: string) =>
  Object.hasOwn(units, name) ? { attribute: units[name] } : undefined

async function journalUnits(
  tx: Tx,
  made: { place: UnitPlace; at: Date; before: Units; after: Units; environment: Environment | undefined },
): Promise<void> {
  const { place, at, environment } = made
  const [before, after] = [attributeOf(made.before, place.name), attributeOf(made.after, place.name)]
  await journal(tx, {
    actor: place.actor,
    at,
    verb: before === undefined ? 'create' : after === undefined ? 'delete' : 'change',
    object: { kind: 'unit', key: place.name },
    ...(environment && { project: projectOf(environment) }),
    before,
    after,
  })
}

async function assertUnused(deps: UnitDeps, tx: Tx, { projectId, name }: UnitPlace): Promise<void> {
  const uses = await deps.usesOfUnit(tx, projectId, name)
  if (uses.length === 0) return
  throw new AppError('unit-in-use', `The unit "${name}" is in use: ${uses.join(', ')}.`, {
    details: uses.map(message => ({ path: name, message })),
  })
}

function assertCustom(name: string): void {
  if (!Object.hasOwn(BUILT_IN_UNITS, name)) return
  throw new AppError('invalid-unit', `"${name}" is a built-in unit, which every project has. Choose another name.`, {
    details: [{ path: 'name', message: 'is the name of a built-in unit' }],
  })
}

function assertFreeAttribute(units: Units, name: string, attribute: string): void {
  const taken = presentUnits(units).find(unit => unit.attribute === attribute && unit.name !== name)
  if (taken === undefined) return
  throw new AppError('invalid-unit', `The attribute "${attribute}" already identifies the unit "${taken.name}".`, {
    details: [{ path: 'attribute', message: `already identifies the unit "${taken.name}"` }],
  })
}

/** The id of a unit is sent and stored. */
async function assertNotPrivate(tx: Tx, projectId: string, attribute: string): Promise<void> {
  const hidden = (await selectPrivateAttributes(tx, projectId)).find(
    path => path === attribute || attribute.startsWith(`${path}.`),
  )
  if (hidden === undefined) return
  throw new AppError(
    'invalid-unit',
    `The attribute "${attribute}" is private ("${hidden}"): it can't identify a unit.`,
    {
      details: [{ path: 'attribute', message: 'is private' }],
    },
  )
}

/** Declares a unit. Another attribute for one that is there is refused while anything counts by it. */
export async function declareUnit(deps: UnitDeps, place: UnitPlace, attribute: string): Promise<UnitView> {
  const { name } = place
  assertCustom(name)
  await changeUnits(deps, place, async (tx, units) => {
    assertFreeAttribute(units, name, attribute)
    await assertNotPrivate(tx, place.projectId, attribute)
    const known = Object.hasOwn(units, name) ? units[name] : undefined
    if (known !== undefined && known !== attribute) await assertUnused(deps, tx, place)
    if (known === undefined && Object.keys(units).length >= MOST_UNITS) {
      throw new AppError('invalid-unit', `A project may declare ${MOST_UNITS} units, not more.`)
    }
    return { ...units, [name]: attribute }
  })
  return { name, attribute, builtIn: false }
}

/** Takes a unit away; refused while anything counts by it. */
export async function removeUnit(deps: UnitDeps, place: UnitPlace): Promise<void> {
  const { name } = place
  assertCustom(name)
  await changeUnits(deps, place, async (tx, units) => {
    if (!Object.hasOwn(units, name)) {
      throw new AppError('unit-not-found', `The project has no unit "${name}" of its own.`)
    }
    await assertUnused(deps, tx, place)
    return Object.fromEntries(Object.entries(units).filter(([key]) => key !== name))
  })
}
