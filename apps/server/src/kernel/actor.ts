/** Who does something: a person through the API, or the rollout controller. */
export interface Actor {
  readonly kind: 'person' | 'controller'
  readonly name: string
}

export const CONTROLLER: Actor = { kind: 'controller', name: 'controller' }
