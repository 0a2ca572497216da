export { type Server, startServer } from './composition.ts'
export { type Config, readConfig } from './config.ts'
export type { Clock } from './ports/clock.ts'
