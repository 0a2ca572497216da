import { Alert } from '@mantine/core'
import { IconWifiOff } from '../../shared/ui/icons.ts'

/** Says that what is on the page may be old. */
export function LiveBanner({ live }: { readonly live: boolean }) {
  return (
    <div role="status">
      {!live && (
        <Alert color="yellow" variant="light" py={6} mb="md" icon={<IconWifiOff size={18} />}>
          Live updates lost, retrying
        </Alert>
      )}
    </div>
  )
}
