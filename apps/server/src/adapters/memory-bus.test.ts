import { describeBus } from '../../test/bus-contract.ts'
import { createMemoryBus } from './memory-bus.ts'

describeBus('the bus in memory', report => createMemoryBus({ report }))
