import type { Serve, Split } from '@dimmer/engine'
import type { FlagView, MetricView } from '@dimmer/protocol'
import { shapeOf } from '@dimmer/rollout'

/** A split of a flag that can be read as an experiment. */
export interface SplitPlace {
  readonly flag: FlagView
  /** Undefined: the fallthrough. */
  readonly rule: string | undefined
  /** "rule First accounts", "everybody else" */
  readonly who: string
  readonly split: Split
  readonly on: boolean
}

/** Two arms at least that somebody can get. */
function splitOf(serve: Serve): Split | undefined {
  if (!('split' in serve)) return undefined
  const arms = serve.split.arms.filter(({ weight }) => weight > 0)
  return new Set(arms.map(({ variant }) => variant)).size < 2 ? undefined : serve.split
}

/** The splits of the flags of a project in one environment: in the order of the flags, rules first. */
export function splitsOf(flags: readonly FlagView[], environment: string): readonly SplitPlace[] {
  return flags.flatMap(flag => {
    const config = flag.archivedAt === null ? flag.environments.find(one => one.environment === environment) : undefined
    if (config === undefined) return []
    const { on, rules, fallthrough } = config
    const places = [
      ...rules.map(({ id, name = id, serve }) => ({ rule: id, who: `rule ${name}`, split: splitOf(serve) })),
      { rule: undefined, who: rules.length === 0 ? 'everybody' : 'everybody else', split: splitOf(fallthrough) },
    ]
    return places.flatMap(({ split, ...rest }) => (split === undefined ? [] : [{ flag, on, split, ...rest }]))
  })
}

/** The metrics of the library by which a split can be read: one number per unit, of this unit. */
export const readableBy = (library: readonly MetricView[], { unit }: Pick<Split, 'unit'>): readonly MetricView[] =>
  library.filter(
    ({ definition }) =>
      shapeOf(definition) === 'outcomes' && (definition.unit === undefined || definition.unit === unit),
  )

/** 50 and 50 of 100 -> "classic 50 %, redesigned 50 %" */
export function armWords({ arms }: Pick<Split, 'arms'>): string {
  const all = arms.reduce((sum, { weight }) => sum + weight, 0)
  const part = (weight: number) => Number(((100 * weight) / all).toPrecision(3))
  return arms.map(({ variant, weight }) => `${variant} ${part(weight)}\u00a0%`).join(', ')
}
