import classes from './light-bar.module.css'

/** How far the light is turned up, 0 to 100. Only a picture of what the words beside it say. */
export function LightBar({ level }: { readonly level: number }) {
  // Half a percent must still be seen to be more than nothing.
  const width = level === 0 ? 0 : Math.max(3, level)
  return (
    <div className={classes.track} aria-hidden="true">
      <div className={classes.light} style={{ width: `${width}%` }} />
    </div>
  )
}
