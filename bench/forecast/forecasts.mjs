// @ts-check
import { compile, forecast } from '@dimmer/engine'
import { sampleDirectory } from './sample-directory.mjs'

/** @import { Directory, Flag, Snapshot } from '@dimmer/engine' */

export const ordinarySize = { accounts: 12_004, users: 45_000 }

const now = Date.UTC(2026, 10, 21)

/** @type {Flag} */
const base = {
  key: 'new-pdf-engine',
  type: 'boolean',
  variants: { on: true, off: false },
  salt: 'sample-new-pdf-engine',
  version: 1,
  on: true,
  offVariant: 'off',
  prerequisites: [],
  rules: [],
  fallthrough: { variant: 'off' },
}

/**
 * @param {number} percent
 * @returns {Flag}
 */
export const simple = percent => ({
  ...base,
  rules: [{ id: 'rollout', share: { unit: 'account', percent }, serve: { variant: 'on' } }],
})

/**
 * A prerequisite, and three rules of which two have a share of those for whom a condition holds.
 * @param {number} percent
 * @returns {Flag}
 */
export const rich = percent => ({
  ...base,
  prerequisites: [{ flag: 'gate', variants: ['on'] }],
  rules: [
    { id: 'staff', when: { attribute: 'email', op: 'emailDomain', value: 'staff.example' }, serve: { variant: 'on' } },
    {
      id: 'admins',
      when: { attribute: 'role', op: 'equals', value: 'admin' },
      share: { unit: 'user', percent },
      serve: { variant: 'on' },
    },
    {
      id: 'paying',
      when: { attribute: 'plan', op: 'in', value: ['pro', 'enterprise'] },
      share: { unit: 'account', percent },
      serve: { variant: 'on' },
    },
  ],
})

/** @type {Flag} */
const gate = { ...simple(50), key: 'gate', salt: 'gate' }

/**
 * @param {Flag} flag
 * @returns {Snapshot}
 */
const snapshot = flag =>
  compile({
    schema: 1,
    project: 'invoicing',
    environment: 'production',
    version: 1,
    flags: { [flag.key]: flag, gate },
    segments: {},
    units: {},
  })

/**
 * One forecast with its summary, as the server makes it: compiling both configs, counting, naming, breaking down.
 * @param {(percent: number) => Flag} flag
 * @param {Directory} directory
 * @param {() => void} [progress]
 */
export function timed(flag, directory, progress = () => undefined) {
  const start = performance.now()
  const { accounts, users } = forecast(snapshot(flag(5)), snapshot(flag(15)), {
    flag: base.key,
    directory,
    now,
    progress,
  }).summary()
  const ms = performance.now() - start
  for (const { all, gains, losses, switched, unchanged } of [accounts, users]) {
    const told = gains.count + losses.count + switched.count + unchanged.count
    if (told !== all || gains.count === 0) throw new Error('the forecast does not add up')
  }
  return ms
}

/** For a process of its own, in which nothing has run before. */
export const timedOnce = () => timed(simple, sampleDirectory(ordinarySize.accounts, ordinarySize.users))
