/** Stops a timer; harmless when it has already run. */
export type Cancel = () => void
