import type { ConnectionKind, CreateConnectionInput } from '@dimmer/protocol'
import type { NameAndKey } from '../../../shared/ui/name-and-key.tsx'
import { KINDS } from './kinds.ts'

export interface ConnectionForm {
  readonly kind: ConnectionKind
  readonly named: NameAndKey
  readonly secret: string
  readonly url: string
  readonly units: readonly string[]
}

/** Empty fields for a kind, with what is usual for it. */
export const emptyForm = (kind: ConnectionKind): ConnectionForm => ({
  kind,
  named: { name: '', key: '' },
  secret: '',
  url: KINDS[kind].url?.usual ?? '',
  units: ['user', 'account'],
})

/** Another kind: what was written of the name stays, the rest is another system's. */
export const withKind = (form: ConnectionForm, kind: ConnectionKind): ConnectionForm => ({
  ...emptyForm(kind),
  named: form.named,
})

/** What is still missing, in words; undefined: it can be sent. */
export function missingIn({ kind, named, secret, url, units }: ConnectionForm): string | undefined {
  const words = KINDS[kind]
  if (named.name.trim() === '' || named.key === '') return 'It needs a name and a key.'
  if (words.url !== undefined && url.trim() === '') return 'It needs an address.'
  if (words.secret.required && secret.trim() === '') return `It needs the ${words.secret.label.toLowerCase()}.`
  if (words.sink && units.length === 0) return 'Choose at least one unit.'
  return undefined
}

/** What is sent. */
export function connectionOf({ kind, named, secret, url, units }: ConnectionForm): CreateConnectionInput {
  const base = { key: named.key, name: named.name.trim() }
  const given = secret.trim()
  const optional = given === '' ? {} : { secret: given }
  const at = { url: url.trim() }
  switch (kind) {
    case 'tickets':
      return { ...base, kind, ...optional }
    case 'zendesk':
    case 'intercom':
      return { ...base, kind, secret: given }
    case 'prometheus':
      return { ...base, kind, settings: at, ...optional }
    case 'mixpanel':
    case 'amplitude':
    case 'webhook':
      return { ...base, kind, settings: { ...at, units: [...units] }, secret: given }
  }
}
