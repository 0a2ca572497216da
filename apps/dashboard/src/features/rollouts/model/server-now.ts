/**
 * The server's time as well as the page can know it, epoch ms. The server's clock may run ahead of ours (a demo runs
 * faster than life), so what it has already reported counts.
 */
export const serverNow = (wallClock: number, reported: readonly { readonly at: number }[]): number =>
  Math.max(wallClock, ...reported.map(one => one.at))
