import type { DirectoryUnit, ForecastGroup } from '@dimmer/engine'
import { Text } from '@mantine/core'
import { count, counted } from '../../../shared/format/number.ts'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import classes from './forecast.module.css'

/** The units of a group, as far as they were named. */
export function Names({ unit, group }: { readonly unit: DirectoryUnit; readonly group: ForecastGroup }) {
  const more = group.count - group.names.length
  return (
    <div>
      <Text size="xs" c="dimmed" mt={4}>
        {counted(group.count, unit)}
      </Text>
      <ul className={classes.names}>
        {group.names.map(({ id, name }) => (
          <li key={id}>
            {name !== undefined && `${name} `}
            <KeyText c="dimmed">{id}</KeyText>
          </li>
        ))}
        {more > 0 && <li>and {count(more)} more</li>}
      </ul>
    </div>
  )
}
