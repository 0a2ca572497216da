// Runs before the first paint, so that somebody who chose dark never sees a white flash.
// The key is the one under which Mantine keeps the choice.
const stored = localStorage.getItem('mantine-color-scheme-value')
const chosen = stored === 'light' || stored === 'dark' ? stored : undefined
const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.dataset.mantineColorScheme = chosen ?? system
