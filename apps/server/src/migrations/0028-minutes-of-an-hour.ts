/**
 * The minutes of one unit in one hour are found in one step by either index: without the unit in this one, the planner took it
 * on a young table and read the whole hour for each unit.
 */
export const minutesOfAnHour = /* sql */ `
drop index unit_minutes_by_hour;
create index unit_minutes_by_hour on unit_minutes (series, begun, hour, unit_id);
`
