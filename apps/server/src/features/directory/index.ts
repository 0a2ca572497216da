export { type Identified, identifyUnits } from './identify-units.ts'
