import { ActionIcon, type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core'
import { IconDeviceDesktop, IconMoon, IconSun } from '../../shared/ui/icons.ts'

const SCHEMES = {
  auto: { next: 'light', label: 'as the system', Icon: IconDeviceDesktop },
  light: { next: 'dark', label: 'light', Icon: IconSun },
  dark: { next: 'auto', label: 'dark', Icon: IconMoon },
} as const satisfies Record<MantineColorScheme, { next: MantineColorScheme; label: string; Icon: unknown }>

/** Goes round: as the system, light, dark. */
export function ColorSchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const { next, label, Icon } = SCHEMES[colorScheme]
  const text = `Colors: ${label}. Switch to ${SCHEMES[next].label}.`
  return (
    <Tooltip label={text}>
      <ActionIcon variant="subtle" color="gray" size="lg" aria-label={text} onClick={() => setColorScheme(next)}>
        <Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}
