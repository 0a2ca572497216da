import type { Rule } from '@dimmer/engine'
import type { FlagConfig, FlagPlace } from '@dimmer/protocol'
import { Group, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { IconArrowRight } from '../../../shared/ui/icons.ts'
import { KeyText } from '../../../shared/ui/key-text.tsx'
import { useWhyNot } from '../../access/index.ts'
import { RequestInstead } from '../../approvals/index.ts'
import { withShare } from '../flag-config.ts'
import { ForecastPreview } from '../forecast/forecast-preview.tsx'
import { useSetShare } from '../use-flag-change.ts'
import { namedUnits } from '../words/describe-condition.ts'
import { ruleRemarks } from '../words/describe-rule.ts'
import { describeServe, describeWho } from '../words/describe-share.ts'
import classes from './flag-page.module.css'
import { ShareEditor } from './share-editor.tsx'

interface Props {
  readonly place: FlagPlace
  /** What the rule is a part of. */
  readonly config: FlagConfig
  readonly rule: Rule
  readonly index: number
  /** Says who else sets this rule, e.g. a rollout. */
  readonly owner: ReactNode
}

function NamedIds({ rule }: { readonly rule: Rule }) {
  const named = rule.when === undefined ? undefined : namedUnits(rule.when)
  if (named === undefined) return null
  return <KeyText c="dimmed">{named.ids.join(', ')}</KeyText>
}

/** One rule in plain words, with its share to set. */
export function RuleItem({ place, config, rule, index, owner }: Props) {
  const setShare = useSetShare(place, rule.id)
  const whyNot = useWhyNot('flag:write', place)
  const remarks = ruleRemarks(rule)
  return (
    <li className={classes.rule}>
      <span className={classes.number} aria-hidden="true">
        {index + 1}
      </span>
      <Stack gap="xs" miw={0}>
        <Group gap={8}>
          <Text fw={600} size="sm">
            {describeWho(rule).replace(/^rule: /, '')}
          </Text>
          <IconArrowRight size={14} aria-label="get" />
          <KeyText fw={600}>{describeServe(rule.serve)}</KeyText>
        </Group>
        <NamedIds rule={rule} />
        <Text size="sm" c="dimmed">
          {rule.name === undefined ? 'Rule ' : `${rule.name}, rule `}
          <KeyText>{rule.id}</KeyText>
        </Text>
        {remarks.length > 0 && (
          <Text size="sm" c="dimmed">
            {remarks.join('; ')}
          </Text>
        )}
        {owner}
        {rule.share !== undefined && (
          <ShareEditor
            share={rule.share}
            label={`rule ${rule.id}`}
            busy={setShare.isPending}
            error={setShare.error}
            whyNot={whyNot}
            preview={share => (
              <>
                <RequestInstead
                  project={place.project}
                  ask={(api, title) => api.requestChange(place, { title, change: { rule: rule.id, share } })}
                  error={setShare.error}
                />
                <ForecastPreview place={place} config={withShare(config, rule.id, share)} />
              </>
            )}
            onApply={setShare.mutateAsync}
          />
        )}
      </Stack>
    </li>
  )
}
