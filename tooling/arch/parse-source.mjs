// @ts-check
/** Reads from one source file what it imports and where it reaches outside the program. */
import { parseSync } from 'oxc-parser'
import { literal, walk } from './ast.mjs'
import { boundNames, outsideUse } from './outside-uses.mjs'

/** @import { AstNode } from './ast.mjs' */
/** @import { ImportSite, OutsideUse, ParsedSource } from './types.ts' */

/**
 * @param {AstNode} node
 * @returns {{ specifier: string | undefined, typeOnly: boolean } | undefined}
 */
function importOf(node) {
  switch (node.type) {
    case 'ImportDeclaration':
      return { specifier: literal(node.source), typeOnly: node.importKind === 'type' }
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return { specifier: literal(node.source), typeOnly: node.exportKind === 'type' }
    case 'ImportExpression':
      return { specifier: literal(node.source), typeOnly: false }
    case 'TSImportType':
      return { specifier: literal(node.source), typeOnly: true }
    case 'TSExternalModuleReference':
      return { specifier: literal(node.expression), typeOnly: false }
    default:
      return undefined
  }
}

/**
 * @param {string} text
 * @returns {(offset: number) => number} line of an offset, from 1
 */
function lineCounter(text) {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return offset => starts.findLastIndex(start => start <= offset) + 1
}

/**
 * @param {string} path its ending tells TypeScript, TSX and JavaScript apart
 * @param {string} text
 * @returns {ParsedSource}
 */
export function parseSource(path, text) {
  const { program, errors } = parseSync(path, text)
  if (errors[0] !== undefined) throw new Error(`${path} cannot be parsed: ${errors[0].message}`)
  const lineOf = lineCounter(text)
  const visits = [...walk(/** @type {AstNode} */ (/** @type {unknown} */ (program)))]
  const bound = boundNames(visits)
  /** @type {ImportSite[]} */
  const imports = []
  /** @type {OutsideUse[]} */
  const outsideUses = []
  for (const visit of visits) {
    const found = importOf(visit.node)
    if (found?.specifier !== undefined) {
      imports.push({ specifier: found.specifier, line: lineOf(visit.node.start), typeOnly: found.typeOnly })
    }
    const name = outsideUse(visit, bound)
    if (name !== undefined) outsideUses.push({ name, line: lineOf(visit.node.start) })
  }
  return { imports, outsideUses }
}
