/** Shares come in steps of 0.001 %. */
export const PERCENT_STEP = 0.001

/** Takes off what floating point added and what is finer than a share can be. */
export const roundPercent = (value: number): number => Math.round(value * 1000) / 1000

/** 5 -> "5 %", 0.125 -> "0.125 %". The space does not break. */
export const percent = (value: number): string => `${roundPercent(value)}\u00a0%`

/** A rate between 0 and 1 with three significant digits: 0.01234 -> "1.23 %". */
export const rate = (value: number): string => `${Number((value * 100).toPrecision(3))}\u00a0%`
