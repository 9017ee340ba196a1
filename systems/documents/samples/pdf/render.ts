import { buffer } from 'node:stream/consumers';
import PdfKit from 'pdfkit';
import type { Contract, Table } from '../contract.ts';
import type { Dice } from '#core/chance/dice.ts';
import type { Layout } from '../layout.ts';
import { Flow } from './flow.ts';
import { drawClauses } from './clauses.ts';
import { Ink } from './ink.ts';
import { drawSignatures } from './signatures.ts';

export interface RenderOptions {
  /** Whether a page (from 0) is a picture without text. @default no page */
  readonly isScan?: (page: number) => boolean;
  /** The password to open the file. @default none */
  readonly password?: string;
  /** Written to the file. It makes the files of a sample different. */
  readonly created: Date;
}

/** Renders a contract as a PDF. Equal arguments produce equal bytes. */
export async function renderContract(
  contract: Contract,
  layout: Layout,
  dice: Dice,
  { isScan = () => false, password, created }: RenderOptions,
): Promise<Uint8Array> {
  const doc = new PdfKit({
    size: layout.paper,
    margin: 0,
    autoFirstPage: false,
    bufferPages: true,
    font: 'Helvetica',
    // PDF 1.4 encrypts with RC4 and a key derived from the password alone. Later versions use random salts.
    pdfVersion: '1.4',
    info: { Title: contract.reference, CreationDate: created },
    ...(password === undefined ? {} : { userPassword: password }),
  });
  // Starts to read the stream before `end`, which writes it all at once.
  const bytes = buffer(doc);
  const ink = new Ink(doc, isScan);
  const page = PAPER[layout.paper];
  const flow = new Flow(ink, layout, page);
  drawHead(flow, contract, layout);
  flow.setColumns(layout.columns);
  for (const paragraph of contract.opening) flow.paragraph(paragraph, { after: layout.size * 0.6 });
  drawClauses(flow, contract, layout);
  if (layout.signaturePage) flow.newPage();
  drawSignatures(flow, contract, layout, dice);
  for (const line of contract.closing) flow.paragraph(line, { size: 7, align: 'left', before: 14 });
  drawSchedule(flow, contract, layout);
  drawEdges(flow, contract, layout, page);
  ink.finish((scan) => scan.speckle(dice));
  doc.end();
  return new Uint8Array(await bytes);
}

/** Paper sizes in points. */
const PAPER = { A4: { width: 595.28, height: 841.89 }, LETTER: { width: 612, height: 792 } } as const;

/** Draws the letterhead, the title, and the cover page's table. */
function drawHead(flow: Flow, contract: Contract, layout: Layout): void {
  const { size } = layout;
  if (layout.letterhead) {
    const [name, address] = contract.letterhead;
    flow.paragraph(name, { size: size + 3, bold: true, align: 'left' });
    flow.paragraph(address, { size: size - 1.5, align: 'left', after: 3 });
    flow.ink.rule(flow.left, flow.y, flow.left + flow.width, 1);
    flow.y += 18;
  }
  const ownPage = contract.cover !== null && layout.coverPage;
  if (ownPage) flow.y += 90;
  const title = layout.title === 'capitals' ? contract.title.toUpperCase() : contract.title;
  flow.paragraph(title, {
    size: size + 6,
    bold: true,
    align: layout.title === 'left' ? 'left' : 'centre',
    after: size * 1.5,
  });
  if (contract.cover === null) return;
  drawTable(flow, contract.cover, size);
  if (ownPage) flow.newPage();
  else flow.y += size * 1.5;
}

function drawSchedule(flow: Flow, { schedule }: Contract, { size }: Layout): void {
  if (schedule === null) return;
  flow.newPage();
  flow.setColumns(1);
  flow.paragraph('Schedule 1 – Particulars', { size: size + 3, bold: true, align: 'left', after: size });
  drawTable(flow, schedule, size);
}

function drawTable(flow: Flow, rows: Table, size: number): void {
  const indent = 14 + Math.max(...rows.map(([label]) => flow.ink.width(label, 'Helvetica-Bold', size)));
  flow.ink.rule(flow.left, flow.y, flow.left + flow.width);
  for (const [label, value] of rows) {
    flow.need(size * 4);
    flow.y += 3;
    flow.label(label, flow.left, flow.y + size * 0.915, size, true);
    flow.paragraph(value, { align: 'left', indent, after: 5 });
    flow.ink.rule(flow.left, flow.y, flow.left + flow.width);
  }
}

/** Draws running headers and footers, once the number of pages is known. */
function drawEdges(flow: Flow, contract: Contract, layout: Layout, page: { width: number; height: number }): void {
  const pages = flow.ink.page + 1;
  const { margin } = layout;
  const write = (text: string, baseline: number): void => flow.label(text, margin, baseline, 7.5);
  for (let index = 0; index < pages; index++) {
    flow.ink.turnTo(index);
    if (layout.header !== 'none' && index > 0) {
      write(layout.header === 'title' ? contract.title : `${contract.reference} – Confidential`, margin - 22);
    }
    const foot = page.height - margin + 28;
    if (layout.footer === 'page') write(String(index + 1), foot);
    if (layout.footer === 'page-of') write(`Page ${index + 1} of ${pages}`, foot);
    if (layout.footer === 'reference')
      write(`${contract.reference} | ${index + 1}/${pages} | Initials: ____ / ____`, foot);
  }
}
