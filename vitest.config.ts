import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/**
 * Tests are told apart by their file name:
 *   *.test.ts                unit: no I/O beyond loopback, milliseconds
 *   *.test.tsx               unit: components, in a page of their own
 *   *.integration.test.ts    needs PostgreSQL or Redis; runs once per database
 *   *.e2e.test.ts            whole stories and real browsers
 */
const everywhere = (ending: string) => [`{packages,apps,examples,bench,tooling}/**/*.${ending}`]
const integration = everywhere('integration.test.ts')
const endToEnd = everywhere('e2e.test.ts')
const resolve = { conditions: ['source'] }
// vitest passes these to Node, which adds 'import' and 'require' itself; given here they would apply to require() as well.
const ssr = { resolve: { conditions: ['source', 'node'] } }
const never = ['**/node_modules/**', '**/dist/**']

/** The supervisor of the embedded binaries, and what is about HTTP and not about SQL, run on one database only. */
const sameOnAnyDatabase = [
  'apps/server/src/adapters/embedded-postgres/**',
  'apps/server/test/adversarial/{random-requests,sign-in-work,*header*}.*',
  'apps/server/test/{bad-addresses,headers,ofrep-clients,ofrep-protocol,sdk-input,sdk-network,slow-reader}.*',
]

const onDatabase = (database: 'embedded' | 'system') => ({
  resolve,
  ssr,
  test: {
    name: `integration (${database} PostgreSQL)`,
    include: integration,
    exclude: database === 'system' ? [...never, ...sameOnAnyDatabase] : never,
    env: { DIMMER_TEST_DATABASE: database },
    globalSetup: ['tooling/test-services.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Loading the server takes as long as most of these tests. A file keeps nothing in a module that another would find.
    isolate: false,
  },
})

export default defineConfig({
  test: {
    // Most of the time a test waits for a database, a server or a browser: two at once, also on two cores.
    maxWorkers: Math.max(2, Math.min(4, availableParallelism() - 1)),
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: everywhere('test.ts'),
          exclude: [...never, ...integration, ...endToEnd],
          isolate: false,
        },
      },
      { resolve, ssr, test: { name: 'unit (components)', include: everywhere('test.tsx'), exclude: never } },
      onDatabase('embedded'),
      onDatabase('system'),
      {
        resolve,
        ssr,
        test: {
          name: 'end to end',
          include: endToEnd,
          exclude: never,
          env: { DIMMER_TEST_DATABASE: 'embedded' },
          globalSetup: ['tooling/test-services.mjs'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
