/** People, their roles, sessions and keys. */
export const access = /* sql */ `
create table people (
  id text primary key,
  -- in lower case
  email text not null unique,
  name text not null,
  -- argon2id; null: signs in elsewhere only
  password_hash text,
  -- "issuer subject" at the identity provider
  sso_subject text unique,
  -- grows with every change of what the person may do, or by what they get in: open streams compare it
  rights_version integer not null default 1,
  created_at timestamptz not null,
  last_seen_at timestamptz
);

-- No project: in all. With an environment: where the role differs from that in the project.
create table memberships (
  person_id text not null references people (id) on delete cascade,
  project_id text references projects (id),
  environment_id text references environments (id),
  role text not null check (role in ('viewer', 'support', 'marketer', 'product', 'engineer', 'admin')),
  check (environment_id is null or project_id is not null),
  unique nulls not distinct (person_id, project_id, environment_id)
);
create index memberships_by_project on memberships (project_id);

create table sessions (
  id text primary key,
  person_id text not null references people (id) on delete cascade,
  token_hash bytea not null unique,
  ip text not null,
  user_agent text,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null
);
create index sessions_by_person on sessions (person_id);

-- Links that work once: to set up, to join, to choose a new password.
create table links (
  id text primary key,
  kind text not null check (kind in ('setup', 'invitation', 'password')),
  token_hash bytea not null unique,
  person_id text references people (id) on delete cascade,
  email text,
  project_id text references projects (id),
  grants jsonb,
  created_by jsonb,
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table personal_keys (
  id text primary key,
  person_id text not null references people (id) on delete cascade,
  name text not null,
  prefix text not null,
  hash bytea not null unique,
  -- key of the one project that it is for; null: all of the person's
  project text,
  -- keys of the environments that it may change; null: all
  environments jsonb,
  -- null: all of the person's
  permissions jsonb,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index personal_keys_by_person on personal_keys (person_id);

alter table sdk_keys drop constraint sdk_keys_kind_check;
alter table sdk_keys add constraint sdk_keys_kind_check check (kind in ('server', 'browser', 'edge'));
alter table sdk_keys add column expires_at timestamptz;
`
