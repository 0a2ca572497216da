/** What an environment is connected to, what came of it, and what still has to be told to others. */
export const connections = /* sql */ `
create table connections (
  id text primary key,
  environment_id text not null references environments (id),
  key text not null,
  kind text not null check (kind in ('tickets', 'zendesk', 'intercom', 'prometheus', 'mixpanel', 'amplitude', 'webhook')),
  name text not null,
  settings jsonb not null,
  -- sealed; null where none is needed
  secret bytea,
  created_at timestamptz not null,
  passed bigint not null default 0,
  refused bigint not null default 0,
  last_passed_at timestamptz,
  last_problem_at timestamptz,
  last_problem text,
  unique (environment_id, key)
);
-- An external metric names no connection: it is read from the one there is.
create unique index connections_one_prometheus on connections (environment_id) where kind = 'prometheus';

-- One number of an external metric per rollout, guardrail and window. treated is null where the query gave nothing.
create table external_samples (
  rollout_id text not null references rollouts (id),
  guardrail_id text not null,
  at timestamptz not null,
  treated double precision,
  control double precision,
  primary key (rollout_id, guardrail_id, at)
);

-- How far a sink has read the exposures, and when it may try again.
create table sink_cursors (
  connection_id text primary key references connections (id) on delete cascade,
  seq bigint not null,
  failures integer not null default 0,
  not_before timestamptz
);

-- What a sink was last told about a unit: told again only when it changes.
create table sink_assignments (
  connection_id text not null references connections (id) on delete cascade,
  flag_key text not null,
  unit text not null,
  unit_id text not null,
  variant text not null,
  at timestamptz not null,
  primary key (connection_id, flag_key, unit, unit_id)
);

-- What a sink will never take, and why.
create table sink_dead_letters (
  id text primary key,
  connection_id text not null references connections (id) on delete cascade,
  at timestamptz not null,
  reason text not null,
  assignment jsonb not null
);
create index sink_dead_letters_by_connection on sink_dead_letters (connection_id, at);

create index unit_exposures_by_arrival on unit_exposures (environment_id, seq);

-- Support desks know people by their address.
create index directory_users_by_email on directory_units (project_id, lower(attributes ->> 'email')) where unit = 'user';
`
