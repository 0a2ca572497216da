// @ts-check
import { rounded } from './numbers.mjs'

/** @import { Row } from './types.ts' */

/**
 * @param {readonly (readonly string[])[]} lines the first is the head; columns but the first are set to the right
 */
export function table(lines) {
  const widths = lines[0]?.map((_, column) => Math.max(...lines.map(line => line[column]?.length ?? 0))) ?? []
  const pad = (/** @type {string} */ cell, /** @type {number} */ column) =>
    column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)
  const text = lines.map(line => line.map(pad).join('  ').trimEnd())
  return [text[0], widths.map(width => '-'.repeat(width)).join('  '), ...text.slice(1)].join('\n')
}

/** @param {number} value */
const show = value => rounded(value).toLocaleString('en-US', { maximumFractionDigits: 3 })

/**
 * @param {readonly Row[]} rows
 */
export function rowsTable(rows) {
  const goal = (/** @type {Row} */ { goal, met }) =>
    goal === undefined ? '' : `${show(goal)} ${met ? 'met' : 'MISSED'}`
  const body = rows.map(row => [
    row.name,
    `${show(row.value)} ${row.unit}`,
    goal(row),
    row.peer ?? '',
    row.ratio === undefined ? '' : `${show(row.ratio)}x`,
  ])
  return table([['', 'value', 'goal', 'peer', 'ratio'], ...body])
}
