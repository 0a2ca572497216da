import { ROLES, type Role } from '@dimmer/protocol'

/** What each role is for, in a few words. */
export const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'sees everything',
  support: 'also looks up accounts and users',
  marketer: 'also writes messages',
  product: 'changes flags, runs rollouts, approves',
  engineer: 'also makes keys and uploads accounts',
  admin: 'also manages members and settings',
}

export const asRole = (text: string): Role | undefined => ROLES.find(role => role === text)
