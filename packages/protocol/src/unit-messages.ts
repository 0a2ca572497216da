/** Messages of the admin API about the units of a project: what a percentage can count. */
import { z } from 'zod'

export const attributePath = z
  .string()
  .regex(/^[^.\s]+(\.[^.\s]+)*$/, 'the path of an attribute, like workspaceId or device.id: no spaces, no empty parts')
  .max(200)

/** Declares a custom unit, whose name stands in the address, by the context attribute that identifies it. */
export const putUnitSchema = z.strictObject({ attribute: attributePath })
export type PutUnit = z.infer<typeof putUnitSchema>

export interface UnitView {
  readonly name: string
  /** The context attribute that identifies it; a dotted path. */
  readonly attribute: string
  /** Every project has it; it can't be changed or removed. */
  readonly builtIn: boolean
}

/** Attributes that are used for evaluation and neither sent nor stored: all of them, as dotted paths. */
export const privateAttributesSchema = z.strictObject({ attributes: z.array(attributePath).max(100) })
export type PrivateAttributes = z.infer<typeof privateAttributesSchema>

/** `deletedFrom`: how many entries of the directory had one of them. */
export interface PrivateAttributesPut extends PrivateAttributes {
  readonly deletedFrom: number
}
