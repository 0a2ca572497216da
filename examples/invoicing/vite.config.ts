import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'

export default defineConfig({
  root: `${import.meta.dirname}/web`,
  plugins: [react()],
  resolve: { conditions: ['source', ...defaultClientConditions] },
  build: { outDir: `${import.meta.dirname}/dist/web`, emptyOutDir: true },
})
