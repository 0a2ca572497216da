import { NativeSelect } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi } from '../../shared/api.tsx'
import { counted } from '../../shared/format/number.ts'
import { queryKeys } from '../../shared/query-keys.ts'
import { CsvUpload } from '../../shared/ui/csv-upload.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'

/** Accounts or users out of a file, for all environments. */
export function UploadDirectoryPanel({ project }: { readonly project: string }) {
  const api = useApi()
  const queries = useQueryClient()
  const whyNot = useWhyNot('directory:write', { project })
  const [of, setOf] = useState<'account' | 'user'>('account')
  const upload = async (file: File) => {
    const { accounts, users } = await api.uploadDirectoryCsv(project, of, file)
    void queries.invalidateQueries({ queryKey: queryKeys.attributes(project) })
    return `${of === 'account' ? counted(accounts, 'account') : counted(users, 'user')} taken.`
  }
  return (
    <Panel
      title="Accounts and users from a file"
      description="So that forecasts know whom a change reaches. For all environments."
    >
      <NativeSelect
        label="Each line is"
        maw={200}
        data={[
          { value: 'account', label: 'an account' },
          { value: 'user', label: 'a user' },
        ]}
        value={of}
        onChange={event => setOf(event.currentTarget.value === 'user' ? 'user' : 'account')}
      />
      <CsvUpload label="Upload CSV" whyNot={whyNot} upload={upload}>
        The first line names the columns: <KeyText>id</KeyText>
        {of === 'user' && (
          <>
            , <KeyText>accountId</KeyText> if there is one
          </>
        )}
        , and any other column as an attribute. Who is known already gets the new values; nobody is removed.
      </CsvUpload>
    </Panel>
  )
}
