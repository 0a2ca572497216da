import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './row-list.module.css'

/** Things below each other in a panel without padding. */
export function RowList({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <ul className={classes.list} aria-label={label}>
      {children}
    </ul>
  )
}

/** One of them: what it is, and at the end what can be done with it. */
export function ListRow({ children }: { readonly children: ReactNode }) {
  return <li className={classes.row}>{children}</li>
}

/** In place of a list with nothing in it: why, or what to do next. */
export function NothingYet({ children }: { readonly children: ReactNode }) {
  return (
    <Text size="sm" c="dimmed" px="md" pb="md">
      {children}
    </Text>
  )
}
