export { Directories } from './directories.ts'
export { directoryRoutes } from './directory.routes.ts'
export { findPerson } from './find-person.ts'
export { type Identified, identifyUnits } from './identify-units.ts'
