/** Who served the units that a share held out. */
export const experiments = /* sql */ `
-- '' is the fallthrough: it serves those whom a rule holds out. Null: the rule itself served, or it was not yet noted.
alter table unit_exposures add column served_by text;
`
