import type { AccountView, SessionView } from '@dimmer/protocol'

/** Whose name, address or project holds the text. */
export function filterPeople(people: readonly AccountView[], text: string): readonly AccountView[] {
  const wanted = text.trim().toLowerCase()
  return people.filter(({ name, email, projects }) =>
    [name, email, ...projects].some(word => word.toLowerCase().includes(wanted)),
  )
}

const WAYS = { password: 'password', sso: 'single sign-on' } as const

/** "signs in with password and single sign-on". */
export const waysIn = ({ signsInWith }: Pick<AccountView, 'signsInWith'>): string =>
  signsInWith.length === 0
    ? 'has no way to sign in yet'
    : `signs in with ${signsInWith.map(way => WAYS[way]).join(' and ')}`

/** Why the person at the screen can't change this account; undefined if they can. */
export function whyAccountLocked(session: SessionView | undefined, account: AccountView): string | undefined {
  return session?.person?.id === account.id ? 'This is you; another admin changes your account.' : undefined
}

/** What goes and what stays when an account is disabled. */
export const disablingSentences = ({ name }: Pick<AccountView, 'name'>): readonly string[] => [
  `${name} is signed out everywhere within a second, and can't sign in until the account is enabled again.`,
  'Their personal keys are refused meanwhile, and what they have approved no longer counts.',
  'Roles stay. SDK keys stay good, whoever made them.',
]

/** What goes and what stays when an account is removed. */
export const removalSentences = ({ name, projects }: AccountView): readonly string[] => [
  `${name} is signed out everywhere within a second, and can't sign in again.`,
  projects.length === 0
    ? 'The role in all projects ends, and the personal keys with it.'
    : `All roles end (${projects.join(', ')}), and the personal keys with them: scripts that use one are refused.`,
  'What they did stays in the audit log, with their name.',
]
