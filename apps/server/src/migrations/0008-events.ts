/**
 * Events in partitions, one for each day of arrival, numbered in the order in which they became visible; what was
 * dropped and how fast each event arrives.
 */
export const events = /* sql */ `
-- Number of a commit of events. Value 1 stands for everything from before there were numbers.
create sequence ingest_seq;
select setval('ingest_seq', 1);

-- A short name for (environment, event name, unit): what each event row carries instead.
insert into event_names (environment_id, name, unit, last_at, count)
  select environment_id, name, unit, max(at), count(*) from unit_events group by 1, 2, 3
  on conflict do nothing;
alter table event_names add column id integer generated always as identity unique;

create table events (
  -- day of arrival, UTC
  received_on date not null,
  seq bigint not null,
  kind integer not null,
  unit_id text not null,
  at timestamptz not null,
  ok boolean not null,
  ms double precision,
  value double precision,
  creates text
) partition by range (received_on);
create index events_by_unit on events (kind, unit_id, at) include (ok, ms);
create index events_by_seq on events (seq);

do $$
declare
  newest date;
begin
  select (max(at) at time zone 'UTC')::date into newest from unit_events;
  if newest is not null then
    execute format(
      'create table events_%s partition of events for values from (minvalue) to (%L)',
      to_char(newest, 'YYYYMMDD'), newest + 1
    );
    insert into events (received_on, seq, kind, unit_id, at, ok, ms, value, creates)
      select (e.at at time zone 'UTC')::date, 1, n.id, e.unit_id, e.at, e.ok, e.ms, e.value, e.creates
      from unit_events e join event_names n using (environment_id, name, unit);
  end if;
end $$;
drop table unit_events;

-- seq: the commit that brought the row or moved its time.
alter table unit_exposures add column seq bigint not null default 1;
create index unit_exposures_by_seq on unit_exposures (environment_id, flag_key, seq);

-- How many arrived in each minute; kept for a day.
create table event_rates (
  kind integer not null,
  minute timestamptz not null,
  count bigint not null,
  primary key (kind, minute)
);

-- What never became a row, and why.
create table event_drops (
  environment_id text not null references environments (id),
  hour timestamptz not null,
  reason text not null,
  count bigint not null,
  primary key (environment_id, hour, reason)
);
`
