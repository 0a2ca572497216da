// @ts-check
/** Finds where a file reaches outside the program: clocks, chance, the environment, the network, the log. */
import { identifier, isNode, literal, memberName } from './ast.mjs'

/** @import { AstNode, Visit } from './ast.mjs' */

const outsideGlobals = new Set([
  'process',
  'performance',
  'fetch',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'crypto',
  'console',
  'globalThis',
  'window',
  'self',
  'document',
  'navigator',
  'localStorage',
  'sessionStorage',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'Buffer',
  'require',
])
const outsideMembers = new Set(['Date.now', 'Math.random', 'process.env'])

/** Nodes named "TS..." that hold an expression which is there at run time. */
const typedExpressions = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
  'TSTypeAssertion',
  'TSInstantiationExpression',
  'TSExportAssignment',
])

/** Nodes that bind names by `id`, `local` or `params`. */
const binders = /^(Function|ArrowFunction|Class|ImportSpecifier|ImportDefaultSpecifier|ImportNamespaceSpecifier)/

/** @param {AstNode | undefined} node */
const isProcessImport = node => /^(node:)?process$/.test(literal(node?.source) ?? '')

/**
 * True where an identifier stands for a value, not for a property, a label or a type.
 * @param {Visit} visit
 */
function isReference({ parent, key }) {
  if (parent === undefined) return true
  if (parent.type.startsWith('TS') && !(typedExpressions.has(parent.type) && key === 'expression')) return false
  if ((key === 'property' || key === 'key') && parent.computed !== true) return false
  if (parent.type === 'ExportSpecifier' || parent.type === 'ImportSpecifier') return key === 'local'
  return key !== 'label'
}

/**
 * Names in a binding pattern.
 * @param {unknown} pattern
 * @returns {string[]}
 */
function patternNames(pattern) {
  if (!isNode(pattern)) return []
  const name = identifier(pattern)
  if (name !== undefined) return [name]
  const parts = [pattern.left, pattern.argument, pattern.value, pattern.elements, pattern.properties].flat()
  return pattern.type.endsWith('Expression') ? [] : parts.flatMap(patternNames)
}

/**
 * Names bound anywhere in the file. A name that is bound in one scope counts as bound in all: enough to tell a
 * parameter called `fetch` from the global one, without following scopes.
 * @param {readonly Visit[]} visits
 * @returns {Set<string>}
 */
export function boundNames(visits) {
  return new Set(
    visits.flatMap(({ node, parent }) => {
      if (node.type === 'VariableDeclarator') return patternNames(node.id)
      if (node.type === 'CatchClause') return patternNames(node.param)
      if (!binders.test(node.type) || isProcessImport(parent)) return []
      return [node.id, node.local, node.params].flat().flatMap(patternNames)
    }),
  )
}

/**
 * `const { env } = process` and `import { env } from 'node:process'`.
 * @param {Visit} visit
 */
function takesEnvironmentOut({ node, parent }) {
  if (node.type === 'ImportSpecifier') return identifier(node.imported) === 'env' && isProcessImport(parent)
  if (node.type !== 'VariableDeclarator' || identifier(node.init) !== 'process' || !isNode(node.id)) return false
  return [node.id.properties].flat().some(property => isNode(property) && identifier(property.key) === 'env')
}

/** @param {AstNode} node */
function readsClock(node) {
  if (identifier(node.callee) !== 'Date') return undefined
  if (node.type === 'CallExpression') return 'Date()'
  return node.type === 'NewExpression' && [node.arguments].flat().length === 0 ? 'new Date()' : undefined
}

/**
 * What a node reaches for, as a person would write it; undefined for nearly all nodes.
 * @param {Visit} visit
 * @param {ReadonlySet<string>} bound
 * @returns {string | undefined}
 */
export function outsideUse(visit, bound) {
  const { node, parent } = visit
  if (takesEnvironmentOut(visit)) return 'process.env'
  const member = memberName(node)
  if (member !== undefined && outsideMembers.has(member)) return bound.has(memberObject(member)) ? undefined : member
  const name = identifier(node)
  if (name === undefined) return readsClock(node)
  if (!outsideGlobals.has(name) || bound.has(name) || !isReference(visit)) return undefined
  return outsideMembers.has(memberName(parent) ?? '') ? undefined : name
}

/** @param {string} member */
const memberObject = member => member.slice(0, member.indexOf('.'))
