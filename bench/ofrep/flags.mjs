// @ts-check
/** The same 200 flags for both: half of the users of paying accounts in three countries, of the first flag all. */

export const flags = Array.from({ length: 200 }, (_, index) => ({
  key: `flag-${String(index).padStart(3, '0')}`,
  percent: index === 0 ? 100 : 50,
}))
/** The one that is switched. */
export const switched = 'flag-000'
export const plans = ['pro', 'enterprise']
export const countries = ['FR', 'DE', 'ES']

/**
 * A user that no request before was about; every second one is in the audience.
 * @param {number} index
 */
export const user = index => ({
  userId: `user-${index}`,
  plan: index % 2 === 0 ? 'pro' : 'free',
  country: countries[index % countries.length] ?? '',
})
