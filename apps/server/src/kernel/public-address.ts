import ipaddr from 'ipaddr.js'

/** Addresses and names that may be asked although they are not public: host names, IP addresses and CIDR ranges. */
export type PrivateAllowed = 'all' | readonly string[]

/** The part of IPv6 from which addresses are given out to the internet. */
const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * True for an address of the internet: not one of this machine, of a private network, of the link (where clouds keep
 * their metadata), or one that stands for another (IPv4-mapped is looked at as what it maps; NAT64, 6to4 and Teredo are
 * refused). `address` is an IP address.
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_IPV6)
}

/** What a setting may say: a CIDR range, an IP address, or a host name. */
export const isAllowance = (text: string): boolean =>
  ipaddr.isValidCIDR(text) || ipaddr.isValid(text) || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(text)

function covers(allowance: string, address: string): boolean {
  if (!ipaddr.isValid(address)) return allowance.toLowerCase() === address.toLowerCase()
  const parsed = ipaddr.process(address)
  if (ipaddr.isValid(allowance)) return ipaddr.process(allowance).toNormalizedString() === parsed.toNormalizedString()
  if (!ipaddr.isValidCIDR(allowance)) return false
  const [range, bits] = ipaddr.parseCIDR(allowance)
  return range.kind() === parsed.kind() && parsed.match(range, bits)
}

/** Whether a host name or an IP address is among those that are allowed. */
export const isAllowed = (allowed: PrivateAllowed, hostOrAddress: string): boolean =>
  allowed === 'all' || allowed.some(allowance => covers(allowance, hostOrAddress))
