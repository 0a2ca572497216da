/** A whole number as one reads it: 12004 as "12,004". */
export function counted(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',')
}
