/** What erasing people needs. */
export const privacy = /* sql */ `
-- Makes the references by which the journal names those who were erased: without it nobody can try out ids.
create table erasure_key (
  only_one boolean primary key default true check (only_one),
  key bytea not null
);
insert into erasure_key (key) values (sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')));

-- Attributes (dotted paths) that are used for evaluation and neither sent nor stored.
alter table projects add column private_attributes jsonb not null default '[]';
`
