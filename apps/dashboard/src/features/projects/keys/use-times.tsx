import { TimeAgo } from '../../../shared/ui/time-ago.tsx'

interface Props {
  readonly createdAt: string
  readonly lastUsedAt: string | null
  readonly revokedAt: string | null
  readonly expiresAt?: string | null
}

/** When a key or secret was made, last used, revoked, and when it ends. */
export function UseTimes({ createdAt, lastUsedAt, revokedAt, expiresAt = null }: Props) {
  const revoked = revokedAt !== null
  return (
    <>
      made <TimeAgo at={createdAt} /> ·{' '}
      {revoked ? (
        <>
          revoked <TimeAgo at={revokedAt} />
        </>
      ) : lastUsedAt === null ? (
        'never used'
      ) : (
        <>
          last used <TimeAgo at={lastUsedAt} />
        </>
      )}
      {!revoked && expiresAt !== null && (
        <>
          {' '}
          · ends <TimeAgo at={expiresAt} />
        </>
      )}
    </>
  )
}
