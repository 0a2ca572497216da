export { UploadTicketsPanel } from './upload-tickets-panel.tsx'
