import { config } from 'zod'

// Otherwise Zod tries, for the first schema, whether it may compile code; our policy refuses, and reports the try.
config({ jitless: true })
