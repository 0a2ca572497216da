import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const server = process.env.DIMMER_URL ?? 'http://127.0.0.1:4400'
const proxied = { target: server, changeOrigin: true }

/** `source` makes the workspace packages resolve to their TypeScript, so a build never sees a stale `dist`. */
export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['source', 'module', 'browser', 'development|production'] },
  server: { proxy: { '/api': proxied, '/sdk': proxied, '/ofrep': proxied } },
  build: {
    target: 'es2023',
    outDir: 'dist',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    // Nothing may arrive as a data: URL that the content security policy would refuse.
    assetsInlineLimit: 0,
    // One chunk in the order of imports: schemas come after what is set for all of them.
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [{ name: 'messages', test: /no-compiling\.ts|node_modules\/zod\/|packages\/protocol\// }],
        },
      },
    },
  },
})
