import { parseInstant } from './instants.ts'
import { ipRangeTest } from './ip-ranges.ts'
import type { Operator, Test } from './model.ts'
import { semverOrder } from './semver.ts'

const versionOrder = semverOrder('0.0.0')
const isAddress = ipRangeTest(['0.0.0.0/0', '::/0'])

const text = (found: unknown): string | undefined => (typeof found === 'string' ? undefined : 'no text')
const number = (found: unknown): string | undefined => (typeof found === 'number' ? undefined : 'no number')
const date = (found: unknown): string | undefined => (Number.isNaN(parseInstant(found)) ? 'no date' : undefined)

function version(found: unknown): string | undefined {
  const isVersion = typeof found === 'string' && !Number.isNaN(versionOrder?.(found))
  return isVersion ? undefined : 'no version like 1.4.2'
}

const address = (found: unknown): string | undefined =>
  typeof found === 'string' && isAddress?.(found) === true ? undefined : 'no IP address'

const email = (found: unknown): string | undefined =>
  typeof found === 'string' && found.lastIndexOf('@') > 0 ? undefined : 'no e-mail address'

/** The values that are compared with decide what may be compared. */
function sameType(found: unknown, { value }: Test): string | undefined {
  const sample: unknown = Array.isArray(value) ? value[0] : value
  if (typeof found === typeof sample) return undefined
  if (typeof sample === 'boolean') return 'neither true nor false'
  return typeof sample === 'number' ? 'no number' : 'no text'
}

/** What a value is not, of what an operator takes; undefined when it may pass. */
const MISFITS: Readonly<Record<Operator, (found: unknown, test: Test) => string | undefined>> = {
  equals: sameType,
  notEquals: sameType,
  in: sameType,
  notIn: sameType,
  contains: text,
  startsWith: text,
  endsWith: text,
  matches: text,
  lt: number,
  lte: number,
  gt: number,
  gte: number,
  before: date,
  after: date,
  olderThan: date,
  newerThan: date,
  semverEq: version,
  semverLt: version,
  semverLte: version,
  semverGt: version,
  semverGte: version,
  inCidr: address,
  emailDomain: email,
  exists: () => undefined,
}

/**
 * Why a single value can't pass a test whatever it says, because of what it is: "which is no number". Undefined when it
 * may pass, and for lists, objects and what is missing, which say it themselves.
 */
export function misfitWords(test: Test, found: unknown): string | undefined {
  if (found === undefined || found === null || typeof found === 'object') return undefined
  const isNo = MISFITS[test.op](found, test)
  return isNo === undefined ? undefined : `which is ${isNo}`
}
