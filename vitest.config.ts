import { defineConfig } from 'vitest/config'

/**
 * Tests are told apart by their file name:
 *   *.test.ts(x)             unit: no I/O beyond loopback, milliseconds
 *   *.integration.test.ts    needs PostgreSQL or Redis; runs once per database
 *   *.e2e.test.ts            whole stories and real browsers
 */
const integration = ['{packages,apps,examples,bench,tooling}/**/*.integration.test.ts']
const endToEnd = ['{packages,apps,examples,bench,tooling}/**/*.e2e.test.ts']
const resolve = { conditions: ['source'] }
// vitest passes these to Node, which adds 'import' and 'require' itself; given here they would apply to require() as well.
const ssr = { resolve: { conditions: ['source', 'node'] } }
const never = ['**/node_modules/**', '**/dist/**']

const onDatabase = (database: 'embedded' | 'system') => ({
  resolve,
  ssr,
  test: {
    name: `integration (${database} PostgreSQL)`,
    include: integration,
    // The supervisor of the embedded binaries has nothing to say about the machine's PostgreSQL.
    exclude: database === 'system' ? [...never, 'apps/server/src/adapters/embedded-postgres/**'] : never,
    env: { DIMMER_TEST_DATABASE: database },
    globalSetup: ['tooling/test-services.mjs'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
})

export default defineConfig({
  test: {
    projects: [
      {
        resolve,
        ssr,
        test: {
          name: 'unit',
          include: ['{packages,apps,examples,bench,tooling}/**/*.test.{ts,tsx}'],
          exclude: [...never, ...integration, ...endToEnd],
        },
      },
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
          fileParallelism: false,
        },
      },
    ],
  },
})
