/** The flags that the example acts on. */
export const FLAGS = {
  newPdfEngine: 'new-pdf-engine',
  redesignedDashboard: 'redesigned-dashboard',
  aiChatbot: 'ai-chatbot',
  bulkInvoiceApi: 'bulk-invoice-api',
  maintenanceMode: 'maintenance-mode',
} as const
