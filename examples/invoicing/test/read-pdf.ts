import { decodePDFRawStream, PDFArray, PDFDocument, type PDFObject, type PDFPage, PDFRawStream } from 'pdf-lib'

export interface ReadPdf {
  readonly pages: number
  /** Every piece of text in the order of drawing. */
  readonly texts: readonly string[]
}

const fromHex = (hex: string) => Buffer.from(hex, 'hex').toString('latin1')

/** The strings that a content stream shows with the operators `Tj` and `TJ`. */
function shownTexts(content: string): string[] {
  return [...content.matchAll(/\[([^\]]*)\]\s*TJ|<([0-9A-Fa-f]*)>\s*Tj/g)].map(([, pieces, whole]) =>
    pieces === undefined
      ? fromHex(whole ?? '')
      : [...pieces.matchAll(/<([0-9A-Fa-f]*)>/g)].map(([, hex]) => fromHex(hex ?? '')).join(''),
  )
}

function contentsOf(page: PDFPage): string {
  const contents = page.node.Contents()
  const parts: (PDFObject | undefined)[] =
    contents instanceof PDFArray ? contents.asArray().map(part => page.doc.context.lookup(part)) : [contents]
  return parts
    .filter(part => part instanceof PDFRawStream)
    .map(part => Buffer.from(decodePDFRawStream(part).decode()).toString('latin1'))
    .join('\n')
}

/** Reads a PDF with a parser that is neither engine's writer path; rejects if it is not a PDF. */
export async function readPdf(bytes: Uint8Array): Promise<ReadPdf> {
  const doc = await PDFDocument.load(bytes)
  const pages = doc.getPages()
  return { pages: pages.length, texts: pages.flatMap(page => shownTexts(contentsOf(page))) }
}
