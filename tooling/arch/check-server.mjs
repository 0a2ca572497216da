// @ts-check
/** Inside the server: layers, the order of the slices and their doors, and who knows the adapters. */
import { compositionRoot, configFile, listeningSlices, serverLayers, slices } from './rules.mjs'

/** @import { SourceFile, Violation } from './types.ts' */
/** @typedef {Pick<Violation, 'rule' | 'allowed'>} Refusal */

const source = 'apps/server/src/'

/**
 * Where in the server a file sits. `layer` is "" for files directly in `src`.
 * @param {string} path
 */
function place(path) {
  const parts = path.slice(source.length).split('/')
  const layer = parts.length > 1 ? (parts[0] ?? '') : ''
  return { path, layer, slice: layer === 'features' && parts.length > 2 ? parts[1] : undefined }
}

/** @typedef {ReturnType<typeof place>} Place */

/**
 * @param {Place} from
 * @param {Place} to
 * @param {boolean} typeOnly
 * @returns {Refusal | undefined}
 */
function refuseLayer(from, to, typeOnly) {
  if (to.layer === 'adapters' && from.layer !== 'adapters') {
    if (from.path === compositionRoot) return undefined
    return { rule: 'adapters', allowed: `only ${compositionRoot} and tests import adapters/; use a port` }
  }
  if (from.layer === '' || from.layer === to.layer) return undefined
  const { folders = [], configTypes = false } = serverLayers[from.layer] ?? {}
  if (folders.includes(to.layer) || (configTypes && typeOnly && to.path === configFile)) return undefined
  const list = [from.layer, ...folders].map(layer => `${layer}/`).join(', ')
  const types = configTypes ? ' and types of config.ts' : ''
  return { rule: 'server-layers', allowed: `in the server, ${from.layer}/ may import ${list}${types}` }
}

/**
 * @param {Place} from
 * @param {Place} to
 * @returns {Refusal | undefined}
 */
function refuseSlice(from, to) {
  if (to.slice === undefined || from.slice === to.slice) return undefined
  if (to.path !== `${source}features/${to.slice}/index.ts`) {
    return { rule: 'slice-door', allowed: `the slice ${to.slice} is entered only through its index.ts` }
  }
  if (from.slice === undefined) return undefined
  if (listeningSlices.includes(to.slice)) {
    return { rule: 'slice-order', allowed: `no slice imports ${to.slice}: it listens to events` }
  }
  const right = slices.slice(slices.indexOf(from.slice) + 1)
  if (right.includes(to.slice)) return undefined
  const list = right.length === 0 ? 'no other slice' : right.join(', ')
  return { rule: 'slice-order', allowed: `the slice ${from.slice} may import ${list}` }
}

/**
 * @param {SourceFile} file
 * @returns {Violation[]}
 */
function refusePlace(file) {
  const { layer, slice } = place(file.path)
  const known = layer === '' || layer in serverLayers
  const refuse = (/** @type {string} */ found, /** @type {string} */ allowed) => [
    { file: file.path, line: 1, rule: 'server-layers', found, allowed },
  ]
  if (!known) return refuse(`is in the unknown folder ${layer}/`, 'add it to serverLayers in tooling/arch/rules.mjs')
  if (slice !== undefined && !slices.includes(slice)) {
    return refuse(`is in the unknown slice ${slice}`, 'give it its place in `slices` in tooling/arch/rules.mjs')
  }
  return []
}

/**
 * @param {readonly SourceFile[]} files
 * @returns {Violation[]}
 */
export function checkServer(files) {
  return files
    .filter(file => file.path.startsWith(source) && !file.isTest)
    .flatMap(file => {
      const from = place(file.path)
      const refusals = file.imports.flatMap(site => {
        if (site.target === undefined || !site.target.startsWith(source)) return []
        const to = place(site.target)
        const refusal = refuseLayer(from, to, site.typeOnly) ?? refuseSlice(from, to)
        return refusal ? [{ file: file.path, line: site.line, found: `imports ${site.specifier}`, ...refusal }] : []
      })
      return [...refusePlace(file), ...refusals]
    })
}
