import type { ProjectView } from '@dimmer/protocol'
import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { ErrorAlert } from '../../shared/ui/error-alert.tsx'
import { type NameAndKey, NameAndKeyFields } from '../../shared/ui/name-and-key.tsx'

const EMPTY: NameAndKey = { name: '', key: '' }

/** Makes a project with the usual environments. */
export function CreateProjectForm({ onCreated }: { readonly onCreated: (project: ProjectView) => void }) {
  const api = useApi()
  const queries = useQueryClient()
  const [value, setValue] = useState(EMPTY)
  const create = useMutation({
    mutationFn: () => api.createProject(value),
    onSuccess: async project => {
      await queries.invalidateQueries({ queryKey: queryKeys.projects })
      onCreated(project)
    },
  })
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        create.mutate()
      }}
    >
      <Stack gap="md">
        <NameAndKeyFields
          value={value}
          onChange={setValue}
          namePlaceholder="Invoicing"
          keyHint="Stands in addresses and can't be changed later."
        />
        {create.error !== null && <ErrorAlert error={create.error} title="The project was not created" />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={value.name === '' || value.key === ''}>
            Create project
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
