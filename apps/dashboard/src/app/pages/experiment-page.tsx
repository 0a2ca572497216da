import type { MetricView } from '@dimmer/protocol'
import { EmptyState, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import {
  armWords,
  ExperimentReading,
  experimentQuery,
  MOST_METRICS,
  ReadingChoice,
  readableBy,
  splitsOf,
} from '../../features/experiments/index.ts'
import { flagQuery } from '../../features/flags/index.ts'
import { useScope } from '../../features/projects/index.ts'
import { useApi } from '../../shared/api.tsx'
import { plural } from '../../shared/format/number.ts'
import { metricsQuery } from '../../shared/metric-queries.ts'
import { ButtonLink } from '../../shared/ui/links.tsx'
import { Loaded } from '../../shared/ui/loaded.tsx'
import { Page } from '../../shared/ui/page.tsx'
import { Panel } from '../../shared/ui/panel.tsx'

const FROM = '/p/$project/experiments/$flag'

interface ReadingProps {
  readonly flag: string
  readonly library: readonly MetricView[]
}

/** The reading by what the address names: metrics and an attribute. */
function Reading({ flag, library }: ReadingProps) {
  const { project, environment } = useScope()
  const { rule, metrics, by } = useSearch({ from: FROM })
  const navigate = useNavigate({ from: FROM })
  const known = library.map(({ definition: { key } }) => key)
  const chosen = metrics?.filter(key => known.includes(key)) ?? known.slice(0, MOST_METRICS)
  const place = { project: project.key, environment: environment.key, flag }
  const request = {
    ...(rule === undefined ? {} : { rule }),
    metrics: chosen.map(key => ({ key })),
    ...(by === undefined ? {} : { segment: by }),
  }
  const query = useQuery({ ...experimentQuery(useApi(), place, request), enabled: chosen.length > 0 })
  return (
    <Stack gap="lg">
      <ReadingChoice
        project={project.key}
        library={library}
        metrics={chosen}
        by={by}
        onChange={change => void navigate({ search: search => ({ ...search, ...change }), replace: true })}
      />
      {chosen.length > 0 && (
        <Loaded query={query} lines={3} lineHeight={140}>
          {reading => <ExperimentReading reading={reading} metrics={library} by={by} />}
        </Loaded>
      )}
    </Stack>
  )
}

function NoMetrics({ project, unit }: { readonly project: string; readonly unit: string }) {
  return (
    <Panel>
      <EmptyState
        my="lg"
        title="Nothing to compare by"
        description={`The library has no metric that gives one number per ${unit}: adoption, conversion, a mean or a sum, for example.`}
      >
        <ButtonLink to="/p/$project/metrics" params={{ project }}>
          Create a metric
        </ButtonLink>
      </EmptyState>
    </Panel>
  )
}

export function ExperimentPage() {
  const { flag: key } = useParams({ from: FROM })
  const { rule } = useSearch({ from: FROM })
  const { project, environment } = useScope()
  const api = useApi()
  const flag = useQuery(flagQuery(api, project.key, key))
  const library = useQuery(metricsQuery(api, project.key, environment.key))
  const place = flag.data && splitsOf([flag.data], environment.key).find(one => one.rule === rule)
  return (
    <Page
      title={flag.data?.name ?? key}
      documentTitle={`Experiment ${flag.data?.name ?? key}`}
      description={
        place && `${armWords(place.split)} of ${plural(place.split.unit)}, ${place.who}, in ${environment.key}.`
      }
      actions={
        <ButtonLink to="/p/$project/flags/$flag" params={{ project: project.key, flag: key }} variant="default">
          Open the flag
        </ButtonLink>
      }
    >
      <Loaded query={flag}>
        {() =>
          place === undefined ? (
            <Panel>
              <EmptyState
                my="lg"
                title="No split here"
                description={`In ${environment.key} this flag deals out no variants by weight${rule === undefined ? '' : ` in rule ${rule}`}, so there is nothing to compare.`}
              />
            </Panel>
          ) : (
            <Loaded query={library}>
              {metrics => {
                const readable = readableBy(metrics, place.split)
                return readable.length === 0 ? (
                  <NoMetrics project={project.key} unit={place.split.unit} />
                ) : (
                  <Reading flag={key} library={readable} />
                )
              }}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  )
}
