import type { ValueOf } from './value-type.ts'

/**
 * The flags of an application and the types of their values. Empty until the application fills it in, by hand or with a
 * generated file; then flag keys and fallbacks are checked when it is compiled:
 *
 * @example
 * declare module '@dimmer/node' {
 *   interface FlagTypes {
 *     'new-pdf-engine': boolean
 *     'button-colour': 'blue' | 'green'
 *   }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: applications fill it in
export interface FlagTypes {}

/** The keys there are; any text until `FlagTypes` is filled in. */
export type FlagName = keyof FlagTypes extends never ? string : Extract<keyof FlagTypes, string>

/** The keys of boolean flags. */
export type BooleanFlagName = keyof FlagTypes extends never
  ? string
  : {
      [Key in FlagName]: Key extends keyof FlagTypes ? (FlagTypes[Key] extends boolean ? Key : never) : never
    }[FlagName]

/** What may be given as a flag's fallback. */
export type FallbackOf<Key> = Key extends keyof FlagTypes ? FlagTypes[Key] | null : unknown

/** What a flag gives: its own type, or what the fallback stands for. */
export type Served<Key, Fallback, Any = unknown> = Key extends keyof FlagTypes ? FlagTypes[Key] : ValueOf<Fallback, Any>
