// @ts-check
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'tsdown'

/**
 * What an application's bundle grows by, minified.
 * @param {string} entry path of a module that exports what is imported
 * @param {{ apart?: string[] }} [options] `apart`: packages that the application has anyway
 * @returns {Promise<number>} kB after gzip -9
 */
export async function bundledKb(entry, { apart = [] } = {}) {
  const has = new RegExp(`^(${apart.join('|') || '$'})(/|$)`)
  const folder = await mkdtemp(join(tmpdir(), 'dimmer-bench-'))
  try {
    await build({
      entry: [entry],
      outDir: folder,
      minify: true,
      dts: false,
      config: false,
      logLevel: 'silent',
      external: id => has.test(id),
      noExternal: id => !has.test(id),
      inputOptions: { resolve: { conditionNames: ['source', 'import'] } },
    })
    const files = await readdir(folder)
    const code = await Promise.all(files.map(file => readFile(join(folder, file))))
    return gzipSync(Buffer.concat(code), { level: 9 }).length / 1_000
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
