const ZONED = /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:\d{2})$/

/** Whether a field for local times can show it: an instant with a time zone, or nothing yet. */
export const isLocalTime = (value: string): boolean =>
  value === '' || (ZONED.test(value) && !Number.isNaN(Date.parse(value)))

const two = (value: number): string => String(value).padStart(2, '0')

/** "2026-03-01T09:00:00Z" as "2026-03-01T10:00" in Berlin: without the seconds, if there are none. */
export function toLocalTime(value: string): string {
  if (value === '') return ''
  const at = new Date(value)
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
  const seconds = at.getSeconds() === 0 ? '' : `:${two(at.getSeconds())}`
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}${seconds}`
}

/** What was typed as a local time, as an instant; nothing while it isn't a time yet. */
export function toInstant(local: string): string {
  const at = new Date(local)
  return local === '' || Number.isNaN(at.getTime()) ? '' : at.toISOString().replace('.000Z', 'Z')
}
