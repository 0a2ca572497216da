import { BUILT_IN_UNITS } from '@dimmer/engine'
import { type PlanInput, type RolloutPlan, resolveMetrics, validatePlan, withDefaults } from '@dimmer/rollout'
import { type Actor, personIdOf } from '../../kernel/actor.ts'
import { AppError } from '../../kernel/errors.ts'
import { newId } from '../../kernel/ids.ts'
import { journal } from '../../kernel/journal.ts'
import { type FlagDeps, findFlag, selectConfig } from '../flags/index.ts'
import { selectLibrary } from '../metrics/index.ts'
import { type Environment, findEnvironment, projectOf } from '../projects/index.ts'
import { insertRollout, type RolloutRow } from './rollouts-store.ts'

type Problem = { readonly path: string; readonly message: string }

const invalid = (problems: readonly Problem[]): AppError =>
  new AppError('invalid-plan', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), {
    details: problems.map(({ path, message }) => ({ path, message })),
  })

/** What only the server can know: that the flag, variant, unit and rule of the plan exist and fit. */
async function fitToFlag(deps: FlagDeps, environment: Environment, plan: RolloutPlan): Promise<readonly Problem[]> {
  const flag = await findFlag(deps.db, environment.projectId, plan.flag)
  const config = (await selectConfig(deps.db, flag.id, environment.id))?.config
  const units = [...Object.keys(BUILT_IN_UNITS), ...Object.keys(environment.units)]
  const rule = config?.rules.find(({ id }) => id === plan.ruleId)
  const problems: Problem[] = []
  if (!Object.hasOwn(flag.variants, plan.variant)) {
    const known = Object.keys(flag.variants).join(', ')
    problems.push({ path: 'variant', message: `the flag has no variant "${plan.variant}"; it has ${known}` })
  }
  if (!units.includes(plan.unit)) {
    problems.push({ path: 'unit', message: `there is no unit "${plan.unit}"; there are ${units.join(', ')}` })
  }
  if (rule?.share !== undefined && rule.share.unit !== plan.unit) {
    problems.push({
      path: 'unit',
      message: `the rule "${rule.id}" already deals by ${rule.share.unit}; by ${plan.unit} other people would get it`,
    })
  }
  return problems
}

/** Makes a draft from a plan. Nothing changes for anybody until it is started. */
export async function createRollout(
  deps: FlagDeps,
  { projectKey, actor }: { readonly projectKey: string; readonly actor: Actor },
  input: PlanInput,
): Promise<RolloutRow> {
  const environment = await findEnvironment(deps.db, projectKey, input.environment)
  const plan = withDefaults(resolveMetrics(input, await selectLibrary(deps.db, environment.projectId)))
  const problems = validatePlan(plan)
  if (problems.length > 0) throw invalid(problems)
  const misfits = await fitToFlag(deps, environment, plan)
  if (misfits.length > 0) throw invalid(misfits)
  const row: RolloutRow = {
    id: newId(),
    project_id: environment.projectId,
    environment_id: environment.id,
    flag_key: plan.flag,
    plan,
    state: { status: 'draft' },
    revision: 0,
    verdicts: [],
    looked_at: null,
    exposed_units: 0,
    last_hold: null,
    created_at: new Date(deps.clock.now()),
    created_by: personIdOf(actor) ?? actor.id,
  }
  await deps.db.transaction().execute(async tx => {
    await insertRollout(tx, row)
    await journal(tx, {
      actor,
      at: row.created_at,
      verb: 'create',
      object: { kind: 'rollout', key: row.id },
      project: projectOf(environment),
      environment: environment.key,
      flag: row.flag_key,
      after: plan,
    })
  })
  return row
}
