import type { FlagView } from '@dimmer/protocol'
import { Box, EmptyState, TextInput } from '@mantine/core'
import { useState } from 'react'
import { count } from '../../../shared/format/number.ts'
import { IconFlag, IconSearch } from '../../../shared/ui/icons.ts'
import { Panel } from '../../../shared/ui/panel.tsx'
import { filterFlags } from './filter-flags.ts'
import classes from './flag-list.module.css'
import { type FlagListContext, FlagRow } from './flag-row.tsx'

interface Props {
  readonly flags: readonly FlagView[]
  readonly context: FlagListContext
  /** What to do when there are none. */
  readonly whenEmpty: React.ReactNode
}

function NoFlags({ children }: { readonly children: React.ReactNode }) {
  return (
    <Panel>
      <EmptyState
        my="lg"
        icon={<IconFlag size={28} />}
        withIndicatorBackground
        title="No flags yet"
        description="Create a flag, ask for it in your code with an SDK key, then switch it on for a few accounts."
      >
        <EmptyState.Actions>{children}</EmptyState.Actions>
      </EmptyState>
    </Panel>
  )
}

/** All flags of a project as they stand in one environment. */
export function FlagList({ flags, context, whenEmpty }: Props) {
  const [search, setSearch] = useState('')
  const all = filterFlags(flags, '')
  const shown = filterFlags(flags, search)
  if (all.length === 0) return <NoFlags>{whenEmpty}</NoFlags>
  return (
    <Panel flush>
      <Box p="sm">
        <TextInput
          aria-label="Search flags"
          placeholder={`Search ${count(all.length)} flags`}
          leftSection={<IconSearch size={16} />}
          value={search}
          onChange={event => setSearch(event.currentTarget.value)}
        />
      </Box>
      <ul className={classes.list} aria-label="Flags">
        {shown.map(flag => (
          <FlagRow key={flag.key} flag={flag} context={context} />
        ))}
      </ul>
      {shown.length === 0 && <EmptyState my="lg" title="No flag matches" description="Try fewer or other words." />}
    </Panel>
  )
}
