/** Where a request came from. */
export interface Origin {
  readonly ip: string
  readonly userAgent?: string
}

/** Who does something. Kept with what was done. */
export type Who =
  | { readonly kind: 'person'; readonly id: string; readonly name: string; readonly email?: string }
  /** A program with a personal API key; `person` is the one it acts for. */
  | {
      readonly kind: 'key'
      readonly id: string
      readonly name: string
      readonly person: { readonly id: string; readonly name: string }
    }
  | { readonly kind: 'controller'; readonly id: string; readonly name: string }

/** Who does something, from where, and why; the controller and the server itself come from nowhere. */
export type Actor = Who & {
  readonly origin?: Origin
  /** Why, in their words. */
  readonly comment?: string
  /** Why they go past the approvals that this needs. */
  readonly breakGlass?: string
}

export const CONTROLLER: Actor = { kind: 'controller', id: 'controller', name: 'controller' }

/** Ids of those who get in without an account: at this machine, and with the admin token. */
export const WITHOUT_ACCOUNT = { local: 'local', token: 'admin' } as const

/** The person who answers for it: also behind a personal API key. Undefined for the controller. */
export function personIdOf(actor: Actor): string | undefined {
  if (actor.kind === 'person') return actor.id
  return actor.kind === 'key' ? actor.person.id : undefined
}

/** What is kept in logs that many can read: without address and e-mail. */
export function whoOf(actor: Actor): Who {
  const { kind, id, name } = actor
  return kind === 'key' ? { kind, id, name, person: actor.person } : { kind, id, name }
}
