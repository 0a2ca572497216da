import {
  IconAddressBook,
  IconFlag,
  IconFlask,
  IconGauge,
  IconGitPullRequest,
  IconKey,
  IconListCheck,
  IconPlug,
  IconRecycle,
  IconRocket,
  IconRuler,
  IconShieldLock,
  IconUserShield,
  IconUsers,
} from '../shared/ui/icons.ts'

/** The pages of daily work: first in the menu, and the tabs of a narrow screen. */
export const MAIN_PAGES = [
  { to: '/p/$project/flags', label: 'Flags', Icon: IconFlag },
  { to: '/p/$project/rollouts', label: 'Rollouts', Icon: IconRocket },
  { to: '/p/$project/segments', label: 'Segments', Icon: IconUsers },
  { to: '/p/$project/changes', label: 'Changes', Icon: IconGitPullRequest },
] as const

/** The other pages of a project, by what they are for. A narrow screen has them behind "More". */
const MORE_PAGES = [
  {
    title: 'Measure',
    pages: [
      { to: '/p/$project/experiments', label: 'Experiments', Icon: IconFlask },
      { to: '/p/$project/metrics', label: 'Metrics', Icon: IconGauge },
    ],
  },
  {
    title: 'Look back',
    pages: [
      { to: '/p/$project/hygiene', label: 'Hygiene', Icon: IconRecycle },
      { to: '/p/$project/audit', label: 'Audit log', Icon: IconListCheck },
    ],
  },
  {
    title: 'Set up',
    pages: [
      { to: '/p/$project/units', label: 'Units', Icon: IconRuler },
      { to: '/p/$project/keys', label: 'SDK keys', Icon: IconKey },
      { to: '/p/$project/connections', label: 'Connections', Icon: IconPlug },
      { to: '/p/$project/privacy', label: 'Privacy', Icon: IconShieldLock },
      { to: '/p/$project/members', label: 'Members', Icon: IconUserShield },
      { to: '/p/$project/people', label: 'People', Icon: IconAddressBook },
    ],
  },
] as const

export type PageEntry = (typeof MAIN_PAGES)[number] | (typeof MORE_PAGES)[number]['pages'][number]

interface PageGroup {
  readonly title: string
  readonly pages: readonly PageEntry[]
}

/** Of no use to anybody but admins of all projects. */
const FOR_MANAGERS: ReadonlySet<string> = new Set<PageEntry['to']>(['/p/$project/people'])

/** The other pages that are of use to somebody. */
export const morePages = (manages: boolean): readonly PageGroup[] =>
  MORE_PAGES.map(({ title, pages }) => ({ title, pages: pages.filter(({ to }) => manages || !FOR_MANAGERS.has(to)) }))
