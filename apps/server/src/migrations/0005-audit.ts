/**
 * The journal of everything that people, keys and the controller do. `body` is what the chain covers; the columns to
 * search by are made from it, so that they cannot say something else. `details` (before and after) can be redacted
 * when a person is erased: the body has only its hash.
 */
export const audit = /* sql */ `
create table journal (
  id bigint generated always as identity primary key,
  -- place in the chain, the hash of the entry before and its own: set when the transaction commits
  seq bigint unique,
  previous text,
  hash text,
  body text not null,
  details text,
  details_salt text,
  -- the id of the redaction that took something out of the details
  redaction text,
  at bigint not null generated always as (((body::jsonb) ->> 'at')::bigint) stored,
  project_id text generated always as ((body::jsonb) ->> 'projectId') stored,
  environment text generated always as ((body::jsonb) ->> 'environment') stored,
  flag text generated always as ((body::jsonb) ->> 'flag') stored,
  actor_kind text not null generated always as ((body::jsonb) -> 'who' ->> 'kind') stored,
  actor text not null generated always as ((body::jsonb) -> 'who' ->> 'name') stored,
  verb text not null generated always as ((body::jsonb) ->> 'verb') stored,
  object_kind text not null generated always as ((body::jsonb) -> 'object' ->> 'kind') stored,
  object_key text not null generated always as ((body::jsonb) -> 'object' ->> 'key') stored
);
create index journal_by_project on journal (project_id, seq);
create index journal_by_flag on journal (project_id, flag, seq) where flag is not null;

-- The end of the chain: a journal that was cut off doesn't reach it.
create table journal_head (
  only_one boolean primary key default true check (only_one),
  seq bigint not null,
  hash text not null
);
insert into journal_head (seq, hash) values (0, repeat('0', 64));

-- Runs when the transaction commits: nobody waits for the head of the chain longer than a commit takes, and whoever
-- holds it waits for nobody.
create function chain_journal_entry() returns trigger language plpgsql as $$
declare
  head journal_head;
begin
  select * into strict head from journal_head for update;
  update journal set
    seq = head.seq + 1,
    previous = head.hash,
    hash = encode(sha256(convert_to(head.hash || E'\\n' || (head.seq + 1) || E'\\n' || body, 'UTF8')), 'hex')
  where id = new.id
  returning seq, hash into head.seq, head.hash;
  update journal_head set seq = head.seq, hash = head.hash;
  return null;
end
$$;
create constraint trigger journal_chain after insert on journal
  deferrable initially deferred for each row execute function chain_journal_entry();

-- Entries come unchained; afterwards they get their place once, and at most their details are redacted.
create function keep_journal() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' and new.seq is null and new.previous is null and new.hash is null and new.redaction is null then
    return new;
  end if;
  if tg_op = 'UPDATE' and new.id = old.id and new.body = old.body then
    if old.seq is null and new.details is not distinct from old.details
      and new.details_salt is not distinct from old.details_salt and new.redaction is null then
      return new;
    end if;
    if new.redaction is not null and new.seq = old.seq and new.previous = old.previous and new.hash = old.hash then
      return new;
    end if;
  end if;
  raise exception 'The journal is append-only' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger journal_in_order before insert or update on journal
  for each row execute function keep_journal();

create function refuse_journal_loss() returns trigger language plpgsql as $$
begin
  raise exception 'The journal is append-only' using errcode = 'integrity_constraint_violation';
end
$$;
create trigger journal_no_delete before delete on journal for each row execute function refuse_journal_loss();
create trigger journal_no_truncate before truncate on journal for each statement execute function refuse_journal_loss();
create trigger journal_head_stays before delete or insert on journal_head
  for each row execute function refuse_journal_loss();
`
