export { compile, evaluate } from '@dimmer/engine'
