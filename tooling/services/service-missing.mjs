// @ts-check
/** The machine does not have the program; anything else that goes wrong with a service is a failure. */
export class ServiceMissing extends Error {
  /** @override */
  name = 'ServiceMissing'
}
