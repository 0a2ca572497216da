import { isIP } from 'node:net'

/** True for names and addresses of this machine that no other can reach. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
