import type { Stage } from './plan.ts'

/** Stages to begin a plan with; whoever writes the plan may change them. */
export interface StageTemplate {
  readonly key: string
  readonly name: string
  /** When to take it, in one sentence. */
  readonly what: string
  readonly stages: readonly Stage[]
}

const DAY = 'PT24H'
const EVERYBODY = 'Everybody'

const template = (
  { key, name, what }: Omit<StageTemplate, 'stages'>,
  stages: readonly (readonly [percent: number, hold: string, name?: string])[],
): StageTemplate => ({
  key,
  name,
  what,
  stages: stages.map(([percent, hold, stage]) => ({ ...(stage !== undefined && { name: stage }), percent, hold })),
})

/** 5, 25, 50, 100 % with a day in each. */
export const CANARY: StageTemplate = template(
  { key: 'canary', name: 'Canary', what: 'Four days, from 5 %. For most changes.' },
  [
    [5, DAY, 'Canary'],
    [25, DAY, 'Quarter'],
    [50, DAY, 'Half'],
    [100, DAY, EVERYBODY],
  ],
)

/** The ways to bring something to everybody that are offered, the usual one first. */
export const stageTemplates: readonly StageTemplate[] = [
  CANARY,
  template({ key: 'careful', name: 'Careful', what: 'Five days, from 1 %. For what could lose data or money.' }, [
    [1, DAY, 'First few'],
    [5, DAY, 'Canary'],
    [25, DAY, 'Quarter'],
    [50, DAY, 'Half'],
    [100, DAY, EVERYBODY],
  ]),
  template(
    {
      key: 'progressive',
      name: 'Progressive expansion',
      what: 'Ten days, from 5 %. For features that people have to take up: two days in each stage show it.',
    },
    [
      [5, 'P2D'],
      [15, 'P2D'],
      [35, 'P2D'],
      [70, 'P2D'],
      [100, 'P2D', EVERYBODY],
    ],
  ),
  template({ key: 'quick', name: 'Quick', what: 'Three hours, from 10 %. For small changes with much traffic.' }, [
    [10, 'PT1H'],
    [50, 'PT1H', 'Half'],
    [100, 'PT1H', EVERYBODY],
  ]),
]
