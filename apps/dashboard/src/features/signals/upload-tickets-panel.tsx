import type { TicketsUploaded } from '@dimmer/protocol'
import { useQueryClient } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { queryKeys } from '../../shared/query-keys.ts'
import { CsvUpload } from '../../shared/ui/csv-upload.tsx'
import { KeyText } from '../../shared/ui/key-text.tsx'
import { Panel } from '../../shared/ui/panel.tsx'
import { useWhyNot } from '../access/index.ts'
import { useScope } from '../projects/index.ts'
import { ticketsWords } from './tickets-words.ts'

/** Support tickets out of a file, for desks that can't call an address. */
export function UploadTicketsPanel() {
  const api = useApi()
  const queries = useQueryClient()
  const { project, environment } = useScope()
  const place = { project: project.key, environment: environment.key }
  const whyNot = useWhyNot('metric:write', place)
  const upload = async (file: File) => {
    const uploaded: TicketsUploaded = await api.uploadTickets(place.project, place.environment, file)
    void queries.invalidateQueries({ queryKey: queryKeys.environment(place.project, place.environment) })
    return ticketsWords(uploaded)
  }
  return (
    <Panel
      title="Support tickets from a file"
      description={`For ${environment.name}. Of a ticket, its time, whose it is and its mood are kept; its text is not.`}
    >
      <CsvUpload label="Upload tickets" whyNot={whyNot} upload={upload}>
        The first line names the columns: <KeyText>id</KeyText>, one of <KeyText>accountId</KeyText>,{' '}
        <KeyText>userId</KeyText> and <KeyText>email</KeyText>, and if you have them <KeyText>at</KeyText>,{' '}
        <KeyText>subject</KeyText>, <KeyText>text</KeyText>, <KeyText>sentiment</KeyText>. The same file twice counts
        once.
      </CsvUpload>
    </Panel>
  )
}
