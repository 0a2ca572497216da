export * from '@dimmer/engine'
