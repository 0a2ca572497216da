import type { Flag, Serve } from '@dimmer/engine'
import type { Tx } from '../../kernel/database.ts'
import { selectEnvironmentsOfProject } from '../projects/index.ts'
import { selectEnvironmentFlags } from './flags-store.ts'

const splitUnit = (serve: Serve): string | undefined => ('split' in serve ? serve.split.unit : undefined)

const countsBy = ({ rules, fallthrough }: Flag, unit: string): boolean =>
  splitUnit(fallthrough) === unit || rules.some(({ share, serve }) => share?.unit === unit || splitUnit(serve) === unit)

/** The flags that deal by a unit: 'the flag "new-pdf-engine" in production'. */
export async function flagsUsingUnit(tx: Tx, projectId: string, unit: string): Promise<readonly string[]> {
  const uses: string[] = []
  for (const environment of await selectEnvironmentsOfProject(tx, projectId)) {
    const flags = await selectEnvironmentFlags(tx, environment.id)
    for (const flag of flags) if (countsBy(flag, unit)) uses.push(`the flag "${flag.key}" in ${environment.key}`)
  }
  return uses
}
