import type { ChangeRequestView, ReviewView } from '@dimmer/protocol'
import { Group, List, Text } from '@mantine/core'
import { IconCircleCheck, IconCircleX } from '../../shared/ui/icons.ts'
import { Panel } from '../../shared/ui/panel.tsx'
import { ListRow, RowList } from '../../shared/ui/row-list.tsx'
import { TimeAgo } from '../../shared/ui/time-ago.tsx'
import { ToneBadge } from '../../shared/ui/tone-badge.tsx'

const WORDS = { approve: 'approved', reject: 'rejected', comment: 'says' } as const

function Review({ review, revision }: { readonly review: ReviewView; readonly revision: number }) {
  const former = review.revision < revision && review.verdict !== 'comment'
  return (
    <ListRow>
      <div>
        <Text size="sm">
          <b>{review.who.name}</b> {WORDS[review.verdict]}
          {former && ' an earlier revision'}, <TimeAgo at={review.at} />
        </Text>
        {review.comment !== '' && <Text size="sm">{review.comment}</Text>}
      </div>
      {review.counts && (
        <ToneBadge tone="good" icon={<IconCircleCheck size={12} />}>
          counts
        </ToneBadge>
      )}
      {review.verdict === 'reject' && !former && (
        <ToneBadge tone="bad" icon={<IconCircleX size={12} />}>
          rejected
        </ToneBadge>
      )}
    </ListRow>
  )
}

/** Why it needs approval, who has given it, and what was said. */
export function RequestReviews({ request }: { readonly request: ChangeRequestView }) {
  const { approvals, reasons, reviews, revision } = request
  return (
    <Panel
      flush
      title="Approvals"
      description={
        approvals.needed === 0
          ? 'This change needs no approval.'
          : `${approvals.given} of ${approvals.needed} given; by ${approvals.roles.join(', ')}.`
      }
    >
      {reasons.length > 0 && (
        <Group px="md" pb="sm">
          <List size="sm">
            {reasons.map(reason => (
              <List.Item key={reason}>{reason}</List.Item>
            ))}
          </List>
        </Group>
      )}
      <RowList label="Reviews">
        {reviews.map(review => (
          <Review key={`${review.at} ${review.who.id} ${review.verdict}`} review={review} revision={revision} />
        ))}
      </RowList>
    </Panel>
  )
}
