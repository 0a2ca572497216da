import {
  beginText,
  endText,
  moveText,
  PDFDocument,
  type PDFFont,
  PDFName,
  type PDFPage,
  rgb,
  StandardFonts,
  setFontAndSize,
  showText,
} from 'pdf-lib'
import type { Invoice } from '../population/invoices.ts'
import { createBreather } from './breather.ts'
import { type Cells, cellsOf, formatAmount, headingLines, PAGE, TABLE_HEAD, totalLines } from './invoice-text.ts'
import { type EngineRelease, type LaidOutPage, layOutPages, type Row } from './new-layout.ts'
import type { PdfEngine } from './pdf-engine.ts'

const ROW_HEIGHT = 15
const TEXT_SIZE = 9
const ACCENT = rgb(0.12, 0.36, 0.72)
const RIGHT = PAGE.width - PAGE.margin
const COLUMNS = { number: PAGE.margin, description: PAGE.margin + 34, quantity: 370, price: 450, sum: RIGHT } as const

// Fixed names: pdf-lib keeps every name it has ever seen, and would invent new ones for each page.
const REGULAR = PDFName.of('Regular')
const BOLD = PDFName.of('Bold')

interface Face {
  readonly font: PDFFont
  /** The pages' name for the font. */
  readonly key: PDFName
}

interface Sheet {
  readonly page: PDFPage
  readonly regular: Face
  readonly bold: Face
}

interface Style {
  readonly y: number
  readonly face: Face
  readonly size?: number
}

/** Writes with bare operators: a table has thousands of cells, and `drawText` takes twice the time and space. */
function write(sheet: Sheet, text: string, x: number, { face, size, y }: Style): void {
  sheet.page.pushOperators(
    beginText(),
    setFontAndSize(face.key, size ?? TEXT_SIZE),
    moveText(Math.round(x * 100) / 100, Math.round(y * 100) / 100),
    showText(face.font.encodeText(text)),
    endText(),
  )
}

function writeRight(sheet: Sheet, text: string, right: number, style: Style): void {
  write(sheet, text, right - style.face.font.widthOfTextAtSize(text, style.size ?? TEXT_SIZE), style)
}

function drawCells(sheet: Sheet, cells: Cells, style: Style): void {
  write(sheet, cells.number, COLUMNS.number, style)
  write(sheet, cells.description, COLUMNS.description, style)
  writeRight(sheet, cells.quantity, COLUMNS.quantity, style)
  writeRight(sheet, cells.price, COLUMNS.price, style)
  writeRight(sheet, cells.sum, COLUMNS.sum, style)
}

function drawRow(sheet: Sheet, row: Row, y: number): void {
  if (row.kind === 'line') {
    drawCells(sheet, cellsOf(row.line, row.index), { y, face: sheet.regular })
    return
  }
  write(sheet, `Part ${row.part}: carried over`, COLUMNS.description, { y, face: sheet.bold })
  writeRight(sheet, formatAmount(row.sum), COLUMNS.sum, { y, face: sheet.bold })
}

function drawHeading(sheet: Sheet, invoice: Invoice): number {
  const top = PAGE.height - PAGE.margin
  sheet.page.drawRectangle({ x: 0, y: PAGE.height - 12, width: PAGE.width, height: 12, color: ACCENT })
  write(sheet, invoice.seller, PAGE.margin, { y: top - 18, face: sheet.bold, size: 18 })
  let y = top - 44
  for (const line of headingLines(invoice)) {
    write(sheet, line, PAGE.margin, { y, face: sheet.regular, size: 10 })
    y -= ROW_HEIGHT
  }
  return y - ROW_HEIGHT
}

function drawTableHead(sheet: Sheet, y: number): number {
  drawCells(sheet, TABLE_HEAD, { y, face: sheet.bold })
  const thickness = 1
  sheet.page.drawLine({ start: { x: PAGE.margin, y: y - 4 }, end: { x: RIGHT, y: y - 4 }, thickness, color: ACCENT })
  return y - ROW_HEIGHT - 3
}

/** Draws the page; returns where its next row would stand. */
function drawPage(sheet: Sheet, invoice: Invoice, laidOut: LaidOutPage): number {
  const top = laidOut.isFirst ? drawHeading(sheet, invoice) : PAGE.height - PAGE.margin - TEXT_SIZE
  let y = drawTableHead(sheet, top)
  for (const row of laidOut.rows) {
    drawRow(sheet, row, y)
    y -= ROW_HEIGHT
  }
  return y
}

function drawTotals(sheet: Sheet, invoice: Invoice, top: number): void {
  let y = top - ROW_HEIGHT
  for (const [label, amount] of totalLines(invoice)) {
    write(sheet, label, COLUMNS.quantity, { y, face: sheet.bold })
    writeRight(sheet, amount, COLUMNS.sum, { y, face: sheet.bold })
    y -= ROW_HEIGHT
  }
}

export interface NewEngineOptions {
  /** Which release to run. Default: the latest, "2.0.1". */
  readonly release?: EngineRelease
}

/** The engine that is to replace the classic one. */
export function createNewEngine(options: NewEngineOptions = {}): PdfEngine {
  const release = options.release ?? '2.0.1'
  return {
    name: 'new',
    async render(invoice, { budgetMs }) {
      const breather = createBreather(budgetMs)
      const doc = await PDFDocument.create()
      doc.setTitle(`Invoice ${invoice.number}`)
      const regular: Face = { font: doc.embedStandardFont(StandardFonts.Helvetica), key: REGULAR }
      const bold: Face = { font: doc.embedStandardFont(StandardFonts.HelveticaBold), key: BOLD }
      const addSheet = (): Sheet => {
        const page = doc.addPage([PAGE.width, PAGE.height])
        page.node.setFontDictionary(regular.key, regular.font.ref)
        page.node.setFontDictionary(bold.key, bold.font.ref)
        return { page, regular, bold }
      }
      let sheet = addSheet()
      let y = 0
      for (const laidOut of layOutPages(invoice, release)) {
        if (!laidOut.isFirst) sheet = addSheet()
        y = drawPage(sheet, invoice, laidOut)
        if (breather.due()) await breather.breathe()
      }
      const needed = (totalLines(invoice).length + 1) * ROW_HEIGHT
      if (y - needed < PAGE.margin) {
        sheet = addSheet()
        y = PAGE.height - PAGE.margin
      }
      drawTotals(sheet, invoice, y)
      return doc.save()
    },
  }
}
