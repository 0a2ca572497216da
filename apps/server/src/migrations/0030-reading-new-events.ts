/** How a look reads what is new, so that its time grows with the new events and not with the square of the units. */
export const readingNewEvents = /* sql */ `
-- Minutes of an hour are looked up unit by unit: without the unit, each look-up read the hour of everybody.
drop index unit_minutes_by_hour;
create index unit_minutes_by_hour on unit_minutes (series, begun, hour, unit_id);

-- The newest events are always beyond what the planner's statistics know: it expects a handful where there are thousands,
-- and looks each one's unit up by itself. "rows" tells it what to expect; it can't in a function that is inlined (SQL).
create function events_between(kinds integer[], after bigint, up_to bigint) returns setof events
language plpgsql stable parallel safe rows 50000 as $$
begin
  return query select * from events e where e.kind = any(kinds) and e.seq > after and e.seq <= up_to;
end
$$;
`
