export * from '@dimmer/browser'
export * from '@dimmer/react'
