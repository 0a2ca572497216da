import { absorb, hashFrom, type Murmur3State } from './murmur3.ts'

/** Number of buckets: shares and splits resolve to 0.001 %. */
export const BUCKETS = 100_000

/** Deals unit ids over the buckets, always in the same way. */
export interface Bucketer {
  /** How many buckets there are; 1 for a continuous scale from 0 to 1. */
  readonly size: number
  /** From 0 to below `size`. */
  bucketOf(unitId: string): number
}

/** Murmur3 of `salt:unitId`, scaled (not reduced modulo) to the buckets. The salt is hashed once. */
export class Murmur3Bucketer implements Bucketer {
  readonly size: number = BUCKETS
  private readonly state: Murmur3State

  constructor(salt: string) {
    this.state = absorb(`${salt}:`)
  }

  bucketOf(unitId: string): number {
    return Math.floor(((hashFrom(this.state, unitId) >>> 0) * BUCKETS) / 4_294_967_296)
  }
}

/** The bucket, 0 to 99,999, of a unit under a salt. A flag's shares use its salt, its splits `splitSalt`. */
export function bucketOf(salt: string, unitId: string): number {
  return new Murmur3Bucketer(salt).bucketOf(unitId)
}

/** A split has a salt of its own, so that its arms stay balanced whatever the share. */
export function splitSalt(flagSalt: string): string {
  return `${flagSalt}/split`
}

/** A unit is in the share when its bucket is below this: 0 for 0 %, 100,000 for 100 %. */
export function shareThreshold(percent: number): number {
  return Math.round(percent * (BUCKETS / 100))
}

/**
 * For each weight the bucket where its arm ends (exclusive). An arm gets what lies between the end before it and its
 * own: `round(100000 * (weights so far) / (all weights))`. The last arm ends at 100,000, so no bucket is left over.
 */
export function armBoundaries(weights: readonly number[]): readonly number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let soFar = 0
  return weights.map(weight => {
    soFar += weight
    return Math.round((BUCKETS * soFar) / total)
  })
}
