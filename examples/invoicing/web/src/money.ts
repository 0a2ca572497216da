/** "EUR 1,234.50" from cents. */
export const money = (currency: string, cents: number): string =>
  new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' }).format(cents / 100)
