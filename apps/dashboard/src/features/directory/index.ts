export { ErasePanel } from './erase-panel.tsx'
export { PrivateAttributesPanel } from './private-attributes-panel.tsx'
export { RetentionPanel } from './retention-panel.tsx'
export { UploadDirectoryPanel } from './upload-directory-panel.tsx'
