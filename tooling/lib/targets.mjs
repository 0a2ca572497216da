// @ts-check
/** What can be built. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { unlessFresh } from './fingerprint.mjs'
import { ensureInstalled } from './install.mjs'
import { inRoot, root } from './root.mjs'
import { bin, runQuietly, step } from './run.mjs'

/**
 * The project and all that it is made from, by the references in tsconfig.json.
 * @param {string} project folder, from the root
 * @returns {string[]} folders, from the root
 */
function withReferences(project) {
  /** @type {{ references?: readonly { path: string }[] }} */
  const { references = [] } = JSON.parse(readFileSync(inRoot(project, 'tsconfig.json'), 'utf8'))
  const below = references.flatMap(({ path }) => withReferences(join(project, path)))
  return [...new Set([project, ...below])]
}

/** Files outside the projects on which every build depends. */
const shared = [inRoot('tsconfig.base.json'), inRoot('package-lock.json')]

/**
 * @param {string} tool
 * @param {string} project
 */
const stampOf = (tool, project) => inRoot('.cache', 'build', `${tool}-${project.replaceAll('/', '-')}`)

/**
 * What a TypeScript project and those it refers to are compiled from.
 * @param {string} project folder, from the root
 */
const inputsOf = project =>
  withReferences(project).flatMap(folder => ['src', 'tsconfig.json', 'package.json'].map(name => inRoot(folder, name)))

/**
 * Compiles a TypeScript project and those it refers to.
 * @param {string} project folder, from the root
 */
export async function compile(project) {
  const target = {
    stamp: stampOf('tsc', project),
    inputs: [...shared, ...inputsOf(project)],
    outputs: withReferences(project).map(folder => inRoot(folder, 'dist')),
  }
  await unlessFresh(target, outputsMissing => {
    // tsc -b believes its own notes: it would not write an output again that somebody has removed.
    const args = [bin('tsc'), '-b', project, ...(outputsMissing ? ['--force'] : [])]
    return step(`Compiling ${project}`, () => runQuietly(process.execPath, args))
  })
}

/**
 * Bundles a page with Vite, if the project has one.
 * @param {string} project folder of vite.config.ts, from the root
 * @param {string} [sources] folder of its tsconfig.json, from the root
 */
async function bundle(project, sources = project) {
  if (!existsSync(inRoot(project, 'vite.config.ts'))) return
  const inputs = [project, ...withReferences(sources)].map(folder => inRoot(folder))
  const target = {
    stamp: stampOf('vite', project),
    inputs: [...shared, ...inputs],
    outputs: [inRoot(project, 'dist', 'index.html')],
  }
  await unlessFresh(target, () =>
    step(`Bundling ${project}`, () =>
      runQuietly(bin('vite'), ['build', '--logLevel', 'warn'], { cwd: inRoot(project), env: productionEnvironment() }),
    ),
  )
}

const productionEnvironment = () => ({ ...process.env, NODE_ENV: 'production' })

/** The server and the pages it serves. */
export async function buildServer() {
  await compile('apps/server')
  await bundle('apps/dashboard')
}

/** Everything that is run or published. */
export async function buildAll() {
  await buildServer()
  for (const project of ['packages/node', 'packages/react', 'examples/invoicing']) await compile(project)
  await bundle('examples/invoicing/web', 'examples/invoicing')
}

const nextExample = inRoot('examples', 'next')

/** The packages of the Next.js example, which has a lockfile of its own. */
export const installNextExample = () => ensureInstalled(nextExample)

/** The Next.js example, installed, with the SDKs that it uses. */
export async function buildNextExample() {
  const sdks = ['packages/node', 'packages/react']
  for (const project of sdks) await compile(project)
  const own = ['app', 'lib', 'proxy.ts', 'next.config.ts', 'tsconfig.json', 'package-lock.json']
  const target = {
    stamp: stampOf('next', 'examples/next'),
    inputs: [...shared, ...own.map(name => join(nextExample, name)), ...sdks.flatMap(inputsOf)],
    outputs: [join(nextExample, '.next', 'BUILD_ID')],
  }
  await unlessFresh(target, () =>
    step('Building examples/next', () =>
      runQuietly(process.execPath, [join(nextExample, 'node_modules', 'next', 'dist', 'bin', 'next'), 'build'], {
        cwd: nextExample,
        env: { ...productionEnvironment(), NEXT_TELEMETRY_DISABLED: '1' },
      }),
    ),
  )
}

/** What `npm start` runs. */
export const serverEntry = join(root, 'apps', 'server', 'dist', 'main.js')

/** What `npm run audit:verify` runs. */
export const auditVerifyEntry = join(root, 'apps', 'server', 'dist', 'audit-verify.js')
