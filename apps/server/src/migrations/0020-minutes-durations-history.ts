/** What else is known per unit: minutes, durations, and how it was before the rollout. */
export const minutesDurationsHistory = /* sql */ `
-- What was found of the time before, once, when the series began; null: nothing, or nothing was asked for.
alter table fact_series add column history jsonb;

alter table unit_facts add column active_minutes integer not null default 0;
alter table unit_facts add column failed_minutes integer not null default 0;

-- How a unit was before the first stage began.
create table unit_histories (
  series integer not null references fact_series (id) on delete cascade,
  unit_id text not null,
  active_minutes integer not null default 0,
  failed_minutes integer not null default 0,
  -- how much failing is normal for it, in thousandths: whole, so that sums don't depend on their order
  weight integer not null default 1000,
  total numeric not null default 0,
  per numeric not null default 0,
  primary key (series, unit_id)
);

-- One bit for each minute of an hour: sent an event, and failed.
create table unit_minutes (
  series integer not null references fact_series (id) on delete cascade,
  begun integer not null,
  unit_id text not null,
  hour timestamptz not null,
  active bigint not null,
  failed bigint not null,
  primary key (series, unit_id, begun, hour)
) with (fillfactor = 70);
create index unit_minutes_by_hour on unit_minutes (series, begun, hour);

-- The same for each group and minute: units, the active ones in thousandths of their weight.
create table minute_facts (
  series integer not null references fact_series (id) on delete cascade,
  begun integer not null,
  minute timestamptz not null,
  failed_treated integer not null,
  failed_control integer not null,
  active_treated bigint not null,
  active_control bigint not null,
  primary key (series, begun, minute)
);

-- How often a unit's events took so long (logarithmic buckets of one percent), and in which group that was counted.
create table unit_durations (
  series integer not null references fact_series (id) on delete cascade,
  begun integer not null,
  unit_id text not null,
  bucket integer not null,
  treated boolean not null,
  count bigint not null,
  primary key (series, unit_id, begun, bucket)
) with (fillfactor = 70);
create table duration_facts (
  series integer not null references fact_series (id) on delete cascade,
  begun integer not null,
  treated boolean not null,
  bucket integer not null,
  count bigint not null,
  primary key (series, begun, treated, bucket)
) with (fillfactor = 70);
`
