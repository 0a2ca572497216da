/** What is kept for later starts. */
const LATER = 0.1

/** Log of the wealth of the k-th start, from 1: the first gets most, the k-th `LATER / (k (k - 1))`. */
export const logStartShare = (start: number): number =>
  Math.log(start === 1 ? 1 - LATER : LATER / (start * (start - 1)))

/** Log of what is not started yet after so many starts. */
export const logUnstarted = (starts: number): number => Math.log(LATER / starts)
