/** With what contexts of browsers are signed, and what of them has to be. */
export const signedContexts = /* sql */ `
create table signing_secrets (
  id text primary key,
  environment_id text not null references environments (id),
  name text not null,
  prefix text not null,
  -- sealed: an HMAC can only be checked with the secret itself
  secret bytea not null,
  created_at timestamptz not null,
  last_used_at timestamptz,
  revoked_at timestamptz
);
create index signing_secrets_by_environment on signing_secrets (environment_id);

-- Attributes that browsers may only send signed; no row: none.
create table signed_attributes (
  environment_id text primary key references environments (id),
  attributes jsonb not null
);
`
