import PDFDocument from 'pdfkit'
import type { Invoice } from '../population/invoices.ts'
import { type Breather, createBreather } from './breather.ts'
import { type Cells, cellsOf, headingLines, PAGE, TABLE_HEAD, totalLines } from './invoice-text.ts'
import type { PdfEngine } from './pdf-engine.ts'

type Document = InstanceType<typeof PDFDocument>

const ROW_HEIGHT = 15
const BOTTOM = PAGE.height - PAGE.margin - ROW_HEIGHT
const RIGHT = PAGE.width - PAGE.margin
const COLUMNS = { number: PAGE.margin, description: PAGE.margin + 34, quantity: 370, price: 450, sum: RIGHT } as const

const rightAligned = (doc: Document, text: string, right: number, y: number) =>
  doc.text(text, right - doc.widthOfString(text), y, { lineBreak: false })

function drawRow(doc: Document, cells: Cells, y: number): void {
  doc.text(cells.number, COLUMNS.number, y, { lineBreak: false })
  doc.text(cells.description, COLUMNS.description, y, { lineBreak: false })
  rightAligned(doc, cells.quantity, COLUMNS.quantity, y)
  rightAligned(doc, cells.price, COLUMNS.price, y)
  rightAligned(doc, cells.sum, COLUMNS.sum, y)
}

function drawTableHead(doc: Document, y: number): number {
  doc.font('Helvetica-Bold').fontSize(9)
  drawRow(doc, TABLE_HEAD, y)
  const lineY = y + ROW_HEIGHT - 3
  doc.moveTo(PAGE.margin, lineY).lineTo(RIGHT, lineY).lineWidth(0.5).stroke()
  doc.font('Helvetica')
  return y + ROW_HEIGHT + 3
}

function drawHeading(doc: Document, invoice: Invoice): number {
  doc.font('Helvetica-Bold').fontSize(18).text(invoice.seller, PAGE.margin, PAGE.margin, { lineBreak: false })
  doc.font('Helvetica').fontSize(10)
  let y = PAGE.margin + 34
  for (const line of headingLines(invoice)) {
    doc.text(line, PAGE.margin, y, { lineBreak: false })
    y += ROW_HEIGHT
  }
  return y + ROW_HEIGHT
}

function nextPage(doc: Document): number {
  doc.addPage()
  return PAGE.margin
}

function drawTotals(doc: Document, invoice: Invoice, top: number): void {
  const lines = totalLines(invoice)
  let y = top + lines.length * ROW_HEIGHT > BOTTOM ? nextPage(doc) : top + ROW_HEIGHT
  doc.font('Helvetica-Bold')
  for (const [label, amount] of lines) {
    doc.text(label, COLUMNS.quantity, y, { lineBreak: false })
    rightAligned(doc, amount, COLUMNS.sum, y)
    y += ROW_HEIGHT
  }
}

async function draw(doc: Document, invoice: Invoice, breather: Breather): Promise<void> {
  let y = drawTableHead(doc, drawHeading(doc, invoice))
  for (const [index, line] of invoice.lines.entries()) {
    if (y > BOTTOM) y = drawTableHead(doc, nextPage(doc))
    drawRow(doc, cellsOf(line, index), y)
    y += ROW_HEIGHT
    if (breather.due()) await breather.breathe()
  }
  drawTotals(doc, invoice, y)
}

/** The engine that has been in use for years. */
export function createClassicEngine(): PdfEngine {
  return {
    name: 'classic',
    async render(invoice, { budgetMs }) {
      const doc = new PDFDocument({ size: 'A4', margin: PAGE.margin, info: { Title: `Invoice ${invoice.number}` } })
      const chunks: Buffer[] = []
      doc.on('data', (chunk: Buffer) => chunks.push(chunk))
      const ended = new Promise<void>((resolve, reject) => doc.once('end', resolve).once('error', reject))
      await draw(doc, invoice, createBreather(budgetMs))
      doc.end()
      await ended
      return Buffer.concat(chunks)
    },
  }
}
