/** Changes that others approve before they are applied. */
export const approvals = /* sql */ `
-- No row: the default. A null policy: nothing needs approval.
create table approval_policies (
  environment_id text primary key references environments (id),
  policy jsonb
);

create table change_requests (
  id text primary key,
  project_id text not null references projects (id),
  environment_id text not null references environments (id),
  flag_key text not null,
  title text not null,
  status text not null check (status in ('open', 'rejected', 'applied', 'cancelled')),
  revision integer not null,
  before jsonb not null,
  after jsonb not null,
  -- version of the flag from which the change was made
  base_version bigint not null,
  author jsonb not null,
  -- ids of all who wrote it: none of them can approve it
  writers jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  apply_at timestamptz,
  problem text,
  applied_at timestamptz,
  applied_by jsonb,
  applied_version bigint
);
create index change_requests_by_project on change_requests (project_id, created_at desc);
create index change_requests_due on change_requests (apply_at) where status = 'open' and apply_at is not null;

create table change_reviews (
  id bigint generated always as identity primary key,
  request_id text not null references change_requests (id),
  revision integer not null,
  person_id text not null,
  who jsonb not null,
  role text not null,
  verdict text not null check (verdict in ('approve', 'reject', 'comment')),
  comment text not null,
  at timestamptz not null
);
create unique index one_verdict_each on change_reviews (request_id, revision, person_id) where verdict <> 'comment';

-- Id of the person who wrote the plan.
alter table rollouts add column created_by text;
`
