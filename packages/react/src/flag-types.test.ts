import ts from 'typescript'
import { expect, it } from 'vitest'

const file = new URL('./an-application.tsx', import.meta.url).pathname

/** What the compiler says of this code, as it would stand in an application. */
function compile(code: string): string[] {
  const options: ts.CompilerOptions = {
    noEmit: true,
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
    jsx: ts.JsxEmit.ReactJSX,
    customConditions: ['source'],
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  host.fileExists = name => name === file || fileExists(name)
  host.getSourceFile = (name, ...rest) =>
    name === file ? ts.createSourceFile(name, code, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest)
  const program = ts.createProgram([file], options, host)
  const source = program.getSourceFile(file)
  return program.getSemanticDiagnostics(source).map(({ messageText }) => {
    return ts.flattenDiagnosticMessageText(messageText, ' ').split('.')[0] ?? ''
  })
}

it('checks keys, fallbacks and matches in pages once the application says what its flags serve', () => {
  const code = `
import { createBrowserClient } from '@dimmer/browser'
import { Feature, useFeatureFlag } from '@dimmer/react'
declare module '@dimmer/react' {
  interface FlagTypes {
    'new-pdf-engine': boolean
    'button-colour': 'blue' | 'green'
  }
}
const client = createBrowserClient({ url: '', clientKey: 'k' })
const colour: 'blue' | 'green' = client.value('button-colour', 'blue')
export const Page = () => {
  const { value } = useFeatureFlag('button-colour', 'blue')
  const same: 'blue' | 'green' = value
  return <Feature flag="button-colour" match={['green', 'blue']}>{colour}{same}</Feature>
}
client.isEnabled('new-pdf-engin')
client.isEnabled('button-colour')
export const Wrong = () => {
  useFeatureFlag('button-colour', 'red')
  return <Feature flag="button-colour" match="red" />
}
`
  expect(compile(code)).toEqual([
    'Argument of type \'"new-pdf-engin"\' is not assignable to parameter of type \'"new-pdf-engine"\'',
    'Argument of type \'"button-colour"\' is not assignable to parameter of type \'"new-pdf-engine"\'',
    'Argument of type \'"red"\' is not assignable to parameter of type \'"blue" | "green" | null\'',
    expect.stringContaining('Type \'"red"\' is not assignable to type'),
  ])
}, 30_000)
