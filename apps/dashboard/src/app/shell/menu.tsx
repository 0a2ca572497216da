import { Box, Stack, Text } from '@mantine/core'
import { useId } from 'react'
import { useSession } from '../../features/access/index.ts'
import { MenuLink } from '../../shared/ui/links.tsx'
import { MAIN_PAGES, morePages, type PageEntry } from '../navigation.ts'
import classes from './shell.module.css'

interface GroupProps {
  readonly project: string
  readonly title: string
  readonly pages: readonly PageEntry[]
  readonly onFollow?: () => void
}

/** A few pages under what they are for. */
export function MenuGroup({ project, title, pages, onFollow }: GroupProps) {
  const titleId = useId()
  return (
    <Box component="section" aria-labelledby={titleId}>
      <Text id={titleId} size="xs" c="dimmed" fw={600} px="sm" pb={4}>
        {title}
      </Text>
      <Stack gap={2}>
        {pages.map(({ to, label, Icon }) => (
          <MenuLink
            key={to}
            to={to}
            params={{ project }}
            label={label}
            leftSection={<Icon size={18} stroke={1.75} />}
            className={classes.entry}
            {...(onFollow === undefined ? {} : { onClick: onFollow })}
          />
        ))}
      </Stack>
    </Box>
  )
}

/** All pages, beside the page. */
export function SideMenu({ project }: { readonly project: string }) {
  const manages = useSession()?.manages === true
  return (
    <Stack component="nav" gap="md" p="xs" pt="md" aria-label="Pages">
      <MenuGroup project={project} title="Release" pages={MAIN_PAGES} />
      {morePages(manages).map(({ title, pages }) => (
        <MenuGroup key={title} project={project} title={title} pages={pages} />
      ))}
    </Stack>
  )
}
