import {
  IconFlag,
  IconFlask,
  IconGauge,
  IconGitPullRequest,
  IconKey,
  IconListCheck,
  IconRecycle,
  IconRocket,
  IconRuler,
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
export const MORE_PAGES = [
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
      { to: '/p/$project/members', label: 'Members', Icon: IconUserShield },
    ],
  },
] as const
