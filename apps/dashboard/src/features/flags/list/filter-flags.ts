import type { FlagView } from '@dimmer/protocol'

/** Flags in use whose key, name or description has all words of `search`. By name. */
export function filterFlags(flags: readonly FlagView[], search: string): readonly FlagView[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  const matches = ({ key, name, description }: FlagView) => {
    const text = `${key} ${name} ${description}`.toLowerCase()
    return words.every(word => text.includes(word))
  }
  return flags
    .filter(flag => flag.archivedAt === null && matches(flag))
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.key.localeCompare(b.key))
}
