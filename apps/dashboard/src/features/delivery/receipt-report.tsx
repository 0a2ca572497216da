import type { ReceiptSummary } from '@dimmer/protocol'
import { Alert, Progress, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useApi } from '../../shared/api.tsx'
import { IconCircleCheck, IconHourglass } from '../../shared/ui/icons.ts'
import { receiptsQuery } from './delivery-queries.ts'
import { receiptWords } from './receipt-words.ts'

interface Props {
  readonly project: string
  /** As first reported; goes on by itself as more instances confirm. */
  readonly receipts: ReceiptSummary
}

/** How many SDK instances run the change, how fast they took it, and who is late. */
export function ReceiptReport({ project, receipts }: Props) {
  const { data } = useQuery(receiptsQuery(useApi(), project, receipts))
  const { done, headline, details } = receiptWords(data)
  const Icon = done ? IconCircleCheck : IconHourglass
  return (
    <Alert color={done ? 'teal' : 'yellow'} variant="light" icon={<Icon size={20} />} role="status">
      <Stack gap={6}>
        <Text fw={600}>{headline}</Text>
        {!done && <Progress value={(100 * data.confirmed) / data.instances} color="yellow" aria-label="Confirmed" />}
        {details.map(detail => (
          <Text key={detail} size="sm">
            {detail}
          </Text>
        ))}
      </Stack>
    </Alert>
  )
}
