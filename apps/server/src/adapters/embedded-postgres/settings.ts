import { isAbsolute } from 'node:path'
import type { Endpoint } from './endpoint.ts'

/** PostgreSQL settings by name, as for `postgres -c name=value`. */
export type Settings = Readonly<Record<string, string>>

/** Small in memory and processes, unchanged in durability: `fsync` and `synchronous_commit` stay on. */
export const smallServer: Settings = {
  cluster_name: 'dimmer',
  shared_buffers: '32MB',
  max_connections: '60',
  maintenance_work_mem: '32MB',
  max_wal_size: '256MB',
  wal_level: 'minimal',
  max_wal_senders: '0',
  // No helper processes that a small server never needs.
  io_method: 'sync',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '2',
  jit: 'off',
  // Failed statements are reported to the client; the log keeps what concerns the server.
  log_min_messages: 'log',
  log_checkpoints: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
}

/** The settings that make a server listen there and nowhere else. */
export function listenOn({ host, port }: Endpoint): Settings {
  const socket = isAbsolute(host)
  return {
    listen_addresses: socket ? '' : host,
    port: String(port),
    unix_socket_directories: socket ? `"${host.replaceAll('"', '""')}"` : '',
    unix_socket_permissions: '0700',
  }
}
