export { createBrowserClient } from '@dimmer/browser'
