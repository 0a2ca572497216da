// @ts-check

const lookEveryMs = 500

/**
 * Ends this process in good order when the shell that npm started it in is gone: a SIGTERM to `npm start` ends npm
 * and that shell, which does not pass it on.
 */
export function endWithParent() {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, lookEveryMs)
  timer.unref()
}
