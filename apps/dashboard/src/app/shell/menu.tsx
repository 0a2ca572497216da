import { Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { MenuLink } from '../../shared/ui/links.tsx'
import { NAVIGATION } from '../navigation.ts'
import classes from './shell.module.css'

/** The main pages, beside the page. */
export function SideMenu({ project }: { readonly project: string }) {
  return (
    <Stack component="nav" gap={2} p="xs" aria-label="Pages">
      {NAVIGATION.map(({ to, label, Icon }) => (
        <MenuLink
          key={to}
          to={to}
          params={{ project }}
          label={label}
          leftSection={<Icon size={18} stroke={1.75} />}
          className={classes.entry}
        />
      ))}
    </Stack>
  )
}

/** The main pages on a narrow screen: tabs at the bottom, where the thumb is. */
export function BottomTabs({ project }: { readonly project: string }) {
  return (
    <nav className={classes.tabs} aria-label="Pages">
      {NAVIGATION.map(({ to, label, Icon }) => (
        <Link key={to} to={to} params={{ project }} className={classes.tab}>
          <Icon size={20} stroke={1.75} aria-hidden="true" />
          {label}
        </Link>
      ))}
    </nav>
  )
}
