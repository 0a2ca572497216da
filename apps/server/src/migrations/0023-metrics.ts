/** The library of metrics. */
export const metrics = /* sql */ `
-- One row per version; a version is never changed. The newest of a key that was deleted says when.
create table metrics (
  project_id text not null references projects (id),
  key text not null,
  version integer not null check (version >= 1),
  definition jsonb not null,
  at timestamptz not null,
  deleted_at timestamptz,
  primary key (project_id, key, version)
);
`
