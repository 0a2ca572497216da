/** Projects, flags, delivery, evidence and rollouts: the first schema. */
export const first = /* sql */ `
create table projects (
  id text primary key,
  key text not null unique,
  name text not null,
  units jsonb not null default '{}',
  created_at timestamptz not null
);

create table environments (
  id text primary key,
  project_id text not null references projects (id),
  key text not null,
  name text not null,
  position integer not null,
  version bigint not null default 0,
  unique (project_id, key)
);

create table sdk_keys (
  id text primary key,
  environment_id text not null references environments (id),
  kind text not null check (kind in ('server', 'browser')),
  name text not null,
  prefix text not null,
  hash bytea not null unique,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index sdk_keys_by_environment on sdk_keys (environment_id);

create table flags (
  id text primary key,
  project_id text not null references projects (id),
  key text not null,
  name text not null,
  description text not null,
  type text not null check (type in ('boolean', 'string', 'number', 'json')),
  variants jsonb not null,
  salt text not null,
  created_at timestamptz not null,
  archived_at timestamptz,
  unique (project_id, key)
);

create table flag_configs (
  flag_id text not null references flags (id),
  environment_id text not null references environments (id),
  config jsonb not null,
  version bigint not null,
  updated_at timestamptz not null,
  -- the variant that everybody gets, and since when; null while not everybody gets the same
  settled_variant text,
  settled_since timestamptz,
  primary key (flag_id, environment_id)
);

create table rule_owners (
  flag_id text not null references flags (id),
  environment_id text not null references environments (id),
  rule_id text not null,
  owner text not null,
  primary key (flag_id, environment_id, rule_id)
);

-- One row per ruleset version: what changed. Written in the same transaction as the change itself.
create table outbox (
  environment_id text not null references environments (id),
  version bigint not null,
  patch jsonb not null,
  actor jsonb not null,
  at timestamptz not null,
  primary key (environment_id, version)
);

create table directory_units (
  project_id text not null references projects (id),
  unit text not null,
  unit_id text not null,
  attributes jsonb not null,
  first_seen_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (project_id, unit, unit_id)
);

create table event_batches (
  environment_id text not null references environments (id),
  batch_id text not null,
  received_at timestamptz not null,
  primary key (environment_id, batch_id)
);
create index event_batches_by_age on event_batches (received_at);

create table exposure_counts (
  environment_id text not null references environments (id),
  flag_key text not null,
  flag_version bigint not null,
  variant text not null,
  hour timestamptz not null,
  count bigint not null,
  primary key (environment_id, flag_key, flag_version, variant, hour)
);

-- First exposure of a unit per flag version. rule: who served it, or who held it out; '' is the fallthrough.
create table unit_exposures (
  environment_id text not null references environments (id),
  flag_key text not null,
  rule text not null,
  arm text not null check (arm in ('treated', 'control')),
  unit text not null,
  flag_version bigint not null,
  unit_id text not null,
  variant text not null,
  first_at timestamptz not null,
  primary key (environment_id, flag_key, rule, unit, flag_version, arm, unit_id)
);

-- One row per tracked event and unit it belongs to.
create table unit_events (
  environment_id text not null references environments (id),
  name text not null,
  unit text not null,
  unit_id text not null,
  at timestamptz not null,
  ok boolean not null,
  ms double precision,
  value double precision,
  creates text
);
create index unit_events_by_unit on unit_events (environment_id, name, unit, unit_id, at) include (ok, ms);

-- Which events have arrived at all, and when last.
create table event_names (
  environment_id text not null references environments (id),
  name text not null,
  unit text not null,
  last_at timestamptz not null,
  count bigint not null,
  primary key (environment_id, name, unit)
);

create table rollouts (
  id text primary key,
  project_id text not null references projects (id),
  environment_id text not null references environments (id),
  flag_key text not null,
  plan jsonb not null,
  state jsonb not null,
  revision integer not null default 0,
  verdicts jsonb not null default '[]',
  looked_at timestamptz,
  last_hold text,
  created_at timestamptz not null
);
create index rollouts_by_flag on rollouts (project_id, flag_key);

-- One rollout at a time may own a flag in an environment.
create unique index rollouts_one_at_a_time on rollouts (environment_id, flag_key)
  where state ->> 'status' in ('running', 'paused');

-- The stages begun: which ruleset versions and which time each covers.
create table rollout_stages (
  rollout_id text not null references rollouts (id),
  stage integer not null,
  begun integer not null,
  share double precision not null,
  from_version bigint not null,
  started_at timestamptz not null,
  until_version bigint,
  ended_at timestamptz,
  primary key (rollout_id, begun)
);

create table decisions (
  id bigint generated always as identity primary key,
  rollout_id text not null references rollouts (id),
  at timestamptz not null,
  actor jsonb not null,
  decision jsonb not null,
  note text,
  stage integer,
  version bigint,
  state_before jsonb not null,
  state_after jsonb not null
);
create index decisions_by_rollout on decisions (rollout_id, id);

create table rollout_looks (
  rollout_id text not null references rollouts (id),
  guardrail_id text not null,
  at timestamptz not null,
  stage integer not null,
  verdict jsonb not null,
  primary key (rollout_id, guardrail_id, at)
);
`
