/** Change requests for segments, and on what the meaning of a request depends. */
export const segmentRequests = /* sql */ `
alter table change_requests
  alter column environment_id drop not null,
  alter column flag_key drop not null,
  alter column base_version drop not null,
  add column segment_key text,
  -- the parts of the segment that change, with all their ids; null once the request is over
  add column segment_parts jsonb,
  -- which ids lists gain and lose
  add column list_changes jsonb not null default '[]',
  -- segments (by a digest) and units (by their attribute) as they were when it was written
  add column basis jsonb not null default '{"segments": {}, "units": {}}',
  add constraint a_flag_or_a_segment check (
    (segment_key is null and flag_key is not null and environment_id is not null and base_version is not null)
    or (segment_key is not null and flag_key is null and environment_id is null)
  );

-- The reviewer's role by environment; before this, all requests were about one.
alter table change_reviews add column roles jsonb not null default '{}';
update change_reviews set roles = jsonb_build_object(environments.key, role)
  from change_requests join environments on environments.id = change_requests.environment_id
  where change_requests.id = request_id;
alter table change_reviews drop column role;
`
