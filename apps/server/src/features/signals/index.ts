export { ExternalSamples, type ExternalSubject } from './external-samples.ts'
export { signalRoutes } from './signals.routes.ts'
