import type { AccessConfig } from '../../http/access-config.ts'
import { type SessionCookie, sessionCookie } from '../../http/session-cookie.ts'

/** The settings of sign-in, ready for use. */
export interface AccessSettings extends AccessConfig {
  readonly cookie: SessionCookie
}

export const accessSettings = (config: AccessConfig): AccessSettings => ({
  ...config,
  cookie: sessionCookie('dimmer_session', config.publicUrl?.protocol === 'https:'),
})
