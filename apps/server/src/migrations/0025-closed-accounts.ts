/** Accounts that let nobody in, and approvals of the start of rollouts. */
export const closedAccounts = /* sql */ `
-- Since when it lets nobody in; roles and keys stay, for when it is opened again.
alter table people add column disabled_at timestamptz;

-- Who has approved that a rollout starts.
create table start_approvals (
  rollout_id text not null references rollouts (id) on delete cascade,
  person_id text not null,
  who jsonb not null,
  -- that they had in the rollout's environment
  role text not null,
  -- digest of the flag, and of what it depends on, as they saw it
  basis text not null,
  note text,
  at timestamptz not null,
  primary key (rollout_id, person_id, basis)
);
`
