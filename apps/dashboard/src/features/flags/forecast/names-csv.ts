import type { NamedUnit } from '@dimmer/engine'

/** Quoted where it must be; a leading sign is kept from being read as a formula. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** Ids and names as CSV, with a heading. */
export const namesAsCsv = (unit: 'account' | 'user', names: readonly NamedUnit[]): string =>
  [`${unit},name`, ...names.map(({ id, name }) => `${cell(id)},${cell(name ?? '')}`)].join('\n')
