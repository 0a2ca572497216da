// @ts-check
/** What may import what. This is the whole policy; the other files of this folder only apply it. */

/**
 * Arrows between workspaces: importer -> imported -> how much of it. `types` means `import type` only.
 * `*` stands for any one folder. Whatever isn't listed is refused, in types too.
 *
 * @type {Readonly<Record<string, Readonly<Record<string, 'all' | 'types'>>>>}
 */
export const packageArrows = {
  'packages/engine': {},
  'packages/stats': {},
  'packages/rollout': { 'packages/engine': 'all', 'packages/stats': 'all' },
  'packages/protocol': { 'packages/engine': 'all', 'packages/rollout': 'all' },
  'packages/sdk-core': {},
  'packages/node': { 'packages/engine': 'all', 'packages/sdk-core': 'all', 'packages/protocol': 'types' },
  'packages/browser': { 'packages/sdk-core': 'all', 'packages/protocol': 'types' },
  'packages/react': { 'packages/browser': 'all' },
  'apps/server': {
    'packages/engine': 'all',
    'packages/stats': 'all',
    'packages/rollout': 'all',
    'packages/protocol': 'all',
    'packages/node': 'all',
  },
  'apps/dashboard': { 'packages/engine': 'all', 'packages/rollout': 'all', 'packages/protocol': 'all' },
  'examples/*': {
    'packages/node': 'all',
    'packages/browser': 'all',
    'packages/react': 'all',
    'packages/protocol': 'all',
    'packages/engine': 'types',
    'packages/rollout': 'types',
  },
  bench: { 'packages/*': 'all', 'apps/server': 'all', 'examples/*': 'all' },
  tooling: { 'packages/protocol': 'all' },
}

/**
 * Who may reach into another workspace by a path, and where. Everybody else imports by name.
 * The test services start databases with the server's own supervisor.
 *
 * @type {Readonly<Record<string, string>>}
 */
export const pathImports = { 'tooling/services/': 'apps/server/src/adapters/embedded-postgres/' }

/** Workspaces without effects: no clock, no chance, no environment, no I/O, and no npm package. */
export const pureWorkspaces = ['packages/engine', 'packages/stats', 'packages/rollout', 'packages/sdk-core']

export const configFile = 'apps/server/src/config.ts'

/** Who may read `process.env` (tests may too). `*` stands for any one folder; a trailing `/` for a whole folder. */
export const environmentReaders = [
  configFile,
  'examples/*/src/main.ts',
  'examples/next/lib/settings.ts',
  'tooling/',
  'bench/',
  'apps/*/vite.config.ts',
  'examples/*/vite.config.ts',
  'vitest.config.ts',
]

/** Slices of the server. A slice imports only slices to its right. */
export const slices = [
  'comms',
  'audit',
  'edge',
  'sinks',
  'delivery',
  'hygiene',
  'rollouts',
  'experiments',
  'signals',
  'metrics',
  'directory',
  'approvals',
  'flags',
  'segments',
  'connections',
  'projects',
  'access',
]

/** Slices that nobody imports: they listen to events. */
export const listeningSlices = ['comms', 'audit']

/**
 * Folders of `apps/server/src`, the other folders that each may import, and whether it may know the types of
 * `config.ts`. Files directly in `src` wire things up: they may import any folder but `adapters`, and no folder
 * may import them.
 *
 * @type {Readonly<Record<string, { readonly folders: readonly string[], readonly configTypes?: boolean }>>}
 */
export const serverLayers = {
  kernel: { folders: [] },
  ports: { folders: ['kernel'] },
  http: { folders: ['kernel', 'ports'], configTypes: true },
  features: { folders: ['http', 'kernel', 'ports'] },
  migrations: { folders: ['kernel'] },
  adapters: { folders: ['kernel', 'ports', 'migrations'], configTypes: true },
}

/** The one product file that knows which adapter is plugged in where. */
export const compositionRoot = 'apps/server/src/composition.ts'
