const TOLERANCE = 1e-12
const MAX_STEPS = 200

type Point = { readonly x: number; readonly y: number }

/**
 * Next place to look, as a fraction of the way from `b` to `a`: inverse quadratic where it is safe, else the middle.
 */
function nextFraction(a: Point, b: Point, c: Point): number {
  const xi = (a.x - b.x) / (c.x - b.x)
  const phi = (a.y - b.y) / (c.y - b.y)
  if (!(phi ** 2 < xi && (1 - phi) ** 2 < 1 - xi)) return 0.5
  const first = (a.y / (b.y - a.y)) * (c.y / (b.y - c.y))
  const second = ((c.x - a.x) / (b.x - a.x)) * (a.y / (c.y - a.y)) * (b.y / (c.y - b.y))
  return first + second
}

/**
 * The place where a continuous `f` changes sign between `lo` and `hi`, to about 1e-12 absolute.
 *
 * Source: Chandrupatla 1997, Advances in Engineering Software 28:145 (bracketing, inverse quadratic with bisection as
 * the safeguard). Throws a RangeError when both ends have the same sign: the caller decides what an open end means.
 */
export function findRoot(f: (x: number) => number, lo: number, hi: number): number {
  let b: Point = { x: lo, y: f(lo) }
  let a: Point = { x: hi, y: f(hi) }
  if (a.y * b.y > 0 || Number.isNaN(a.y * b.y)) throw new RangeError(`no sign change between ${lo} and ${hi}`)
  let c: Point
  let fraction = 0.5
  for (let step = 0; step < MAX_STEPS; step++) {
    const x = a.x + fraction * (b.x - a.x)
    const middle: Point = { x, y: f(x) }
    if (Math.sign(middle.y) === Math.sign(a.y)) c = a
    else [c, b] = [b, a]
    a = middle
    const best = Math.abs(a.y) < Math.abs(b.y) ? a : b
    const width = Math.abs(b.x - a.x)
    const edge = TOLERANCE / width
    if (best.y === 0 || edge > 0.5) return best.x
    fraction = Math.min(1 - edge, Math.max(edge, nextFraction(a, b, c)))
  }
  return a.x
}
