/** The ids of segments in columns of their own, so that what only needs the rest doesn't read a million of them. */
export const segmentLists = /* sql */ `
alter table segments add column list_ids jsonb, add column exclude_ids jsonb;

update segments set
  list_ids = definition #> '{list,ids}',
  exclude_ids = definition #> '{exclude,ids}',
  definition = definition #- '{list,ids}' #- '{exclude,ids}';

alter table segments
  add column list_count integer generated always as (coalesce(jsonb_array_length(list_ids), 0)) stored,
  add column list_sample jsonb generated always as (coalesce(jsonb_path_query_array(list_ids, '$[0 to 9]'), '[]')) stored,
  add column list_digest text generated always as (md5(list_ids::text)) stored,
  add column exclude_count integer generated always as (coalesce(jsonb_array_length(exclude_ids), 0)) stored,
  add column exclude_sample jsonb
    generated always as (coalesce(jsonb_path_query_array(exclude_ids, '$[0 to 9]'), '[]')) stored,
  add column exclude_digest text generated always as (md5(exclude_ids::text)) stored;
`
