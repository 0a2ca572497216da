// @ts-check
/** The flag of the sample project that is switched. */
export const place = { project: 'invoicing', environment: 'production', flag: 'ai-chatbot' }
