/** Reusable audiences of a project. */
export const segments = /* sql */ `
create table segments (
  project_id text not null references projects (id),
  key text not null,
  name text not null,
  definition jsonb not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (project_id, key)
);
`
