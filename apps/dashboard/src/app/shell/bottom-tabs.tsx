import { Drawer, Stack, UnstyledButton } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Link, useMatchRoute } from '@tanstack/react-router'
import { useSession } from '../../features/access/index.ts'
import { IconDots } from '../../shared/ui/icons.ts'
import { MAIN_PAGES, morePages } from '../navigation.ts'
import { MenuGroup } from './menu.tsx'
import classes from './shell.module.css'

/** The tab that holds the pages which have no tab; marked while one of them is shown. */
function MoreTab({ project }: { readonly project: string }) {
  const [opened, { open, close }] = useDisclosure()
  const matches = useMatchRoute()
  const groups = morePages(useSession()?.manages === true)
  const current = groups
    .flatMap(({ pages }) => [...pages])
    .some(({ to }) => matches({ to, params: { project }, fuzzy: true }))
  return (
    <>
      <UnstyledButton
        className={classes.tab}
        aria-haspopup="dialog"
        aria-expanded={opened}
        onClick={open}
        {...(current ? { 'data-status': 'active', 'aria-current': 'true' as const } : {})}
      >
        <IconDots size={20} stroke={1.75} aria-hidden="true" />
        More
      </UnstyledButton>
      <Drawer
        opened={opened}
        onClose={close}
        position="bottom"
        title="More pages"
        radius="lg"
        classNames={{ content: classes.sheet ?? '' }}
      >
        <Stack component="nav" gap="md" pb="md" aria-label="More pages">
          {groups.map(({ title, pages }) => (
            <MenuGroup key={title} project={project} title={title} pages={pages} onFollow={close} />
          ))}
        </Stack>
      </Drawer>
    </>
  )
}

/** The pages on a narrow screen: tabs at the bottom, where the thumb is. */
export function BottomTabs({ project }: { readonly project: string }) {
  return (
    <nav className={classes.tabs} aria-label="Pages">
      {MAIN_PAGES.map(({ to, label, Icon }) => (
        <Link key={to} to={to} params={{ project }} className={classes.tab}>
          <Icon size={20} stroke={1.75} aria-hidden="true" />
          {label}
        </Link>
      ))}
      <MoreTab project={project} />
    </nav>
  )
}
