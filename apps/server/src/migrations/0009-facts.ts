/** What is known per unit, kept up to date as events arrive. */
export const facts = /* sql */ `
-- Who reads events by their number reads one name at a time.
drop index events_by_seq;
create index events_by_seq on events (kind, seq);

-- The unit comes early: where it stands is looked up unit by unit.
alter table unit_exposures drop constraint unit_exposures_pkey;
alter table unit_exposures add primary key (environment_id, flag_key, unit_id, rule, unit, flag_version, arm);

-- One metric as somebody (a rollout, an experiment) counts it.
create table fact_series (
  id integer generated always as identity primary key,
  owner text not null,
  metric_id text not null,
  -- what is counted, of whom; if that changes, everything is counted anew
  basis text not null,
  -- ends of stages and times at which the flag was off, as they were last applied
  cuts jsonb not null,
  -- all commits of events up to this number are in; null: none yet
  seq bigint,
  folded_at timestamptz not null,
  unique (owner, metric_id)
);

-- One unit as it stands in one stage, and what happened to it there.
create table unit_facts (
  series integer not null references fact_series (id) on delete cascade,
  begun integer not null,
  unit_id text not null,
  variant text not null,
  -- treated: first served in this stage; before: served in an earlier one, too; crossed: seen on both sides
  role text not null check (role in ('treated', 'control', 'before', 'crossed')),
  entered_at timestamptz not null,
  -- from when on another rule, or in a later stage this one, serves it
  left_at timestamptz not null,
  -- its numbers have to be counted anew from all events
  stale boolean not null,
  events bigint not null default 0,
  failures bigint not null default 0,
  slow bigint not null default 0,
  total numeric not null default 0,
  per numeric not null default 0,
  first_at timestamptz,
  second_at timestamptz,
  first_failure_at timestamptz,
  failure_run_at timestamptz,
  primary key (series, unit_id, begun)
) with (fillfactor = 70);
create index unit_facts_stale on unit_facts (series) where stale;

-- How many units a rollout has served, as of its last looks: a list of rollouts doesn't count them all.
alter table rollouts add column exposed_units integer not null default 0;
update rollouts r set exposed_units = (
  select count(distinct x.unit_id) from unit_exposures x
  where x.environment_id = r.environment_id and x.flag_key = r.flag_key and x.rule = r.plan ->> 'ruleId'
    and x.unit = r.plan ->> 'unit' and x.arm = 'treated'
    and x.flag_version >= (select min(from_version) from rollout_stages where rollout_id = r.id)
    and x.flag_version < coalesce(
      (select until_version from rollout_stages where rollout_id = r.id order by begun desc limit 1), x.flag_version + 1)
);

create index rollout_looks_by_age on rollout_looks (at);
`
