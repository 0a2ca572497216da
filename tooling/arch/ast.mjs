// @ts-check
/** Small helpers to read a syntax tree without knowing every shape of node. */

/** @typedef {{ type: string, start: number, [key: string]: unknown }} AstNode */
/** @typedef {{ node: AstNode, parent: AstNode | undefined, key: string }} Visit */

/**
 * @param {unknown} value
 * @returns {value is AstNode}
 */
export const isNode = value =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'

/**
 * Every node below `node`, parents first. `key` is the name under which the parent holds it.
 * @param {AstNode} node
 * @param {AstNode | undefined} [parent]
 * @param {string} [key]
 * @returns {Generator<Visit>}
 */
export function* walk(node, parent, key = '') {
  yield { node, parent, key }
  for (const [childKey, child] of Object.entries(node)) {
    if (Array.isArray(child)) for (const item of child) if (isNode(item)) yield* walk(item, node, childKey)
    if (isNode(child)) yield* walk(child, node, childKey)
  }
}

/**
 * The text of a string literal.
 * @param {unknown} node
 * @returns {string | undefined}
 */
export const literal = node => (isNode(node) && typeof node.value === 'string' ? node.value : undefined)

/**
 * The name of an identifier.
 * @param {unknown} node
 * @returns {string | undefined}
 */
export const identifier = node =>
  isNode(node) && node.type === 'Identifier' && typeof node.name === 'string' ? node.name : undefined

/**
 * "process.env" for `process.env` and `process['env']`; undefined when the object isn't a plain name.
 * @param {AstNode | undefined} node
 * @returns {string | undefined}
 */
export function memberName(node) {
  if (node?.type !== 'MemberExpression') return undefined
  const object = identifier(node.object)
  const property = node.computed === true ? literal(node.property) : identifier(node.property)
  return object !== undefined && property !== undefined ? `${object}.${property}` : undefined
}
