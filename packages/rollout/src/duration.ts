const DURATION = /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/
const PART_MS = [604_800_000, 86_400_000, 3_600_000, 60_000, 1_000]

/**
 * Milliseconds of an ISO 8601 duration of weeks, days, hours, minutes and seconds ("PT48H", "P2DT12H"), or undefined.
 * Years and months have no fixed length and are refused.
 */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text)
  if (!match) return undefined
  const ms = PART_MS.reduce((sum, partMs, index) => sum + Number(match[index + 1] ?? 0) * partMs, 0)
  return Number.isFinite(ms) ? ms : undefined
}
