import { enc, type Send } from '../admin-sender.ts'
import type { PrivateAttributes, PrivateAttributesPut, PutUnit, UnitView } from '../unit-messages.ts'

export const unitCalls = (send: Send) => {
  const at = (project: string, unit: string) => `/projects/${enc(project)}/units/${enc(unit)}`
  return {
    /** Built-in units first. */
    listUnits: (project: string) => send<readonly UnitView[]>('GET', `/projects/${enc(project)}/units`),
    /** Declares a unit, or changes its attribute while nothing uses it. */
    putUnit: (project: string, unit: string, parts: PutUnit) => send<UnitView>('PUT', at(project, unit), parts),
    deleteUnit: (project: string, unit: string) => send<void>('DELETE', at(project, unit)),
    privateAttributes: (project: string) =>
      send<PrivateAttributes>('GET', `/projects/${enc(project)}/private-attributes`),
    /** Declares these, and no others, as private; they are deleted where they are stored. */
    putPrivateAttributes: (project: string, attributes: readonly string[]) =>
      send<PrivateAttributesPut>('PUT', `/projects/${enc(project)}/private-attributes`, { attributes }),
  }
}
