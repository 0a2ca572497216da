import { expect, it } from 'vitest'
import { findBinaries } from './binaries.ts'

it('says what to do on a platform without an embedded PostgreSQL', async () => {
  await expect(findBinaries('linux-ppc64')).rejects.toMatchObject({
    code: 'unsupported-platform',
    message: 'No embedded PostgreSQL for linux-ppc64; set DATABASE_URL to your PostgreSQL 15 or newer',
  })
})

it('says so when npm has left out the package of a platform that has one', async () => {
  const other = process.platform === 'darwin' ? 'linux-arm64' : 'darwin-x64'
  await expect(findBinaries(other)).rejects.toThrow(/darwin|linux.* is not installed .*DATABASE_URL/)
})
