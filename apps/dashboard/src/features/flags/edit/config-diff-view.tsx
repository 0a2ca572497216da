import { Stack, Text } from '@mantine/core'
import classes from './edit.module.css'
import type { Difference } from './model/config-diff.ts'

/** What differs, each thing before and after. */
export function ConfigDiffView({ differences }: { readonly differences: readonly Difference[] }) {
  return (
    <ul className={classes.diff} aria-label="Differences">
      {differences.map(({ what, before, after }) => (
        <li key={`${what} ${before} ${after}`}>
          <Stack gap={2}>
            <Text size="xs" fw={600} c="dimmed">
              {what}
            </Text>
            {before !== undefined && (
              <del className={classes.before} style={{ textDecoration: 'none' }}>
                <span className={classes.sign} aria-hidden="true">
                  −
                </span>
                {before}
              </del>
            )}
            {after !== undefined && (
              <ins className={classes.after} style={{ textDecoration: 'none' }}>
                <span className={classes.sign} aria-hidden="true">
                  +
                </span>
                {after}
              </ins>
            )}
          </Stack>
        </li>
      ))}
    </ul>
  )
}
