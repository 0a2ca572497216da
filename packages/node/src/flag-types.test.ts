import ts from 'typescript'
import { expect, it } from 'vitest'

const file = new URL('./an-application.ts', import.meta.url).pathname

/** What the compiler says of this code, as it would stand in an application. */
function compile(code: string): string[] {
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    customConditions: ['source'],
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ['node'],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = name => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  const source = program.getSourceFile(file)
  return program
    .getSemanticDiagnostics(source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' ').split('.')[0] ?? '')
}

const head = `
import { createClient } from '@dimmer/node'
const client = createClient({ url: 'http://127.0.0.1:4400', sdkKey: 'k' })
const context = { accountId: 'acc-1' }
`

it('checks keys and fallbacks, and knows what flags serve, once it does', () => {
  const code = `${head}
declare module '@dimmer/node' {
  interface FlagTypes {
    'new-pdf-engine': boolean
    'button-colour': 'blue' | 'green'
  }
}
const colour: 'blue' | 'green' = client.value('button-colour', context, 'blue')
const on: boolean = client.forRequest(context).isEnabled('new-pdf-engine')
client.isEnabled('new-pdf-engin', context)
client.isEnabled('button-colour', context)
client.value('button-colour', context, 'red')
`
  expect(compile(code)).toEqual([
    'Argument of type \'"new-pdf-engin"\' is not assignable to parameter of type \'"new-pdf-engine"\'',
    'Argument of type \'"button-colour"\' is not assignable to parameter of type \'"new-pdf-engine"\'',
    'Argument of type \'"red"\' is not assignable to parameter of type \'"blue" | "green" | null\'',
  ])
}, 30_000)
