export { EventBuffer } from './src/index.ts'
