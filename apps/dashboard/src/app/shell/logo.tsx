import classes from './shell.module.css'

/** Half lit, half dark. */
export function Logo() {
  return (
    <svg className={classes.logo} viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
      <path d="M12 2.5a9.5 9.5 0 0 1 0 19z" fill="var(--dimmer-glow)" />
      <circle cx="12" cy="12" r="9.5" fill="none" stroke="var(--dimmer-glow)" strokeWidth="1.8" />
    </svg>
  )
}
