import {
  IconFlag,
  IconGitPullRequest,
  IconKey,
  IconListCheck,
  IconRecycle,
  IconRocket,
  IconRuler,
  IconUserShield,
  IconUsers,
} from '../shared/ui/icons.ts'

/** The main pages of a project, in the order of the menu. */
export const NAVIGATION = [
  { to: '/p/$project/flags', label: 'Flags', Icon: IconFlag },
  { to: '/p/$project/rollouts', label: 'Rollouts', Icon: IconRocket },
  { to: '/p/$project/segments', label: 'Segments', Icon: IconUsers },
  { to: '/p/$project/changes', label: 'Changes', Icon: IconGitPullRequest },
  { to: '/p/$project/hygiene', label: 'Hygiene', Icon: IconRecycle },
  { to: '/p/$project/units', label: 'Units', Icon: IconRuler },
  { to: '/p/$project/keys', label: 'SDK keys', Icon: IconKey },
  { to: '/p/$project/members', label: 'Members', Icon: IconUserShield },
  { to: '/p/$project/audit', label: 'Audit log', Icon: IconListCheck },
] as const
