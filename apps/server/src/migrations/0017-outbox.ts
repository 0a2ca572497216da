/** Old changes lose their long lists. */
export const outbox = /* sql */ `
-- The ids of its long lists are gone: it is history, and no node can go on from it.
alter table outbox add column trimmed boolean not null default false;
create index outbox_with_segments on outbox (at) where not trimmed and patch -> 'segments' <> '{}'::jsonb;
`
