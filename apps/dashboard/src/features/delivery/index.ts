export { InstancesPanel } from './instances-panel.tsx'
export { KillButton } from './kill-button.tsx'
