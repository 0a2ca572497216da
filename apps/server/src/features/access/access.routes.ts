import type { App } from '../../http/app-type.ts'
import { accountRoutes } from './account.routes.ts'
import { memberRoutes, peopleRoutes } from './members.routes.ts'
import { type SdkKeyRouteDeps, sdkKeyRoutes } from './sdk-keys.routes.ts'
import { type SessionRouteDeps, sessionRoutes } from './session.routes.ts'
import { type SigningRouteDeps, signingRoutes } from './signing.routes.ts'
import { ssoRoutes } from './sso.routes.ts'

export type AccessRouteDeps = SdkKeyRouteDeps &
  SigningRouteDeps &
  SessionRouteDeps & { readonly findProjectId: (projectKey: string) => Promise<string> }

/** Signing in, accounts, members and keys. */
export function accessRoutes(app: App, deps: AccessRouteDeps): void {
  sessionRoutes(app, deps)
  ssoRoutes(app, deps)
  accountRoutes(app, deps)
  memberRoutes(app, deps)
  peopleRoutes(app, deps)
  sdkKeyRoutes(app, deps)
  signingRoutes(app, deps)
}
