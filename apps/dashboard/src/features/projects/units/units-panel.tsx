import { BUILT_IN_UNITS } from '@dimmer/engine'
import type { UnitView } from '@dimmer/protocol'
import { Panel } from '../../../shared/ui/panel.tsx'
import { RowList } from '../../../shared/ui/row-list.tsx'
import { useScope } from '../project-scope.tsx'
import { UnitForm } from './unit-form.tsx'
import { UnitRow } from './unit-row.tsx'

const views = (units: Readonly<Record<string, string>>, builtIn: boolean): readonly UnitView[] =>
  Object.entries(units).map(([name, attribute]) => ({ name, attribute, builtIn }))

/** The units of the project: see them, declare one, change one, take one away. */
export function UnitsPanel() {
  const { project } = useScope()
  const units = [...views(BUILT_IN_UNITS, true), ...views(project.units, false)]
  return (
    <>
      <Panel
        title="New unit"
        description="For whatever should get a flag as a whole: workspaces, devices, shops. SDKs learn it at once."
      >
        <UnitForm project={project.key} />
      </Panel>
      <Panel flush title={`Units of ${project.name}`}>
        <RowList label="Units">
          {units.map(unit => (
            <UnitRow key={unit.name} project={project.key} unit={unit} />
          ))}
        </RowList>
      </Panel>
    </>
  )
}
