import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { getDocumentProxy } from 'unpdf';
import { invalidRequest } from './api-error.ts';

/** A PDF as the model reads it. */
export interface ReadDocument {
  /** SHA-256 of the bytes, in hex. */
  readonly sha256: string;
  /** Text by page; empty for a page that is only an image. */
  readonly pages: readonly string[];
}

/** For all documents of a request. Source: the PDF support guide. */
export const MAX_PAGES = 600;

/** Repair turns and `count_tokens` resend a document that was just read, so the latest texts are kept. */
const KEPT_DOCUMENTS = 128;
const KEPT_CHARACTERS = 16_000_000;

type Pdf = Awaited<ReturnType<typeof getDocumentProxy>>;

interface Kept {
  readonly reading: Promise<ReadDocument>;
  /** 0 until the document has been read. */
  characters: number;
}

/** Extracts the text of PDFs with pdf.js. Caches the latest texts by the hash of their bytes. */
export class DocumentReader {
  /** Least recently used first. */
  readonly #kept = new Map<string, Kept>();
  #characters = 0;
  /** Documents whose text was extracted. */
  extracted = 0;
  /** Documents whose text came from the cache. */
  reused = 0;

  /** Throws a 400, which names `field`, when the real API rejects the document. */
  async read(base64: string, field: string): Promise<ReadDocument> {
    const bytes = decode(base64, field);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const kept = this.#kept.get(sha256);
    if (kept) {
      this.reused += 1;
      this.#kept.delete(sha256);
      this.#kept.set(sha256, kept);
      return kept.reading;
    }
    this.extracted += 1;
    const entry: Kept = { reading: extractPages(bytes, field).then((pages) => ({ sha256, pages })), characters: 0 };
    this.#kept.set(sha256, entry);
    try {
      const document = await entry.reading;
      this.#account(sha256, entry, document);
      return document;
    } catch (error) {
      this.#kept.delete(sha256);
      throw error;
    }
  }

  #account(sha256: string, entry: Kept, document: ReadDocument): void {
    // It may have been evicted while it was read.
    if (this.#kept.get(sha256) !== entry) return;
    entry.characters = document.pages.reduce((sum, page) => sum + page.length, 0);
    this.#characters += entry.characters;
    for (const [oldest, { characters }] of this.#kept) {
      if (this.#kept.size <= KEPT_DOCUMENTS && this.#characters <= KEPT_CHARACTERS) return;
      this.#kept.delete(oldest);
      this.#characters -= characters;
    }
  }
}

function decode(base64: string, field: string): Buffer {
  const bytes = Buffer.from(base64, 'base64');
  // Buffer.from skips invalid characters, so invalid base64 gives a shorter result.
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  if (bytes.length !== (base64.length / 4) * 3 - padding) throw invalidRequest(field, 'Invalid base64 data');
  if (bytes.length === 0) throw invalidRequest(field, 'The PDF cannot be empty.');
  return bytes;
}

async function extractPages(bytes: Buffer, field: string): Promise<string[]> {
  const pdf = await open(bytes, field);
  try {
    const { info } = await pdf.getMetadata();
    if ('EncryptFilterName' in info && info.EncryptFilterName) throw passwordProtected(field);
    if (pdf.numPages > MAX_PAGES) throw tooManyPages(field);
    const pages: string[] = [];
    for (let number = 1; number <= pdf.numPages; number += 1) {
      pages.push(await pageText(pdf, number, field));
      // pdf.js runs in microtasks. Without this, a long document would block every other call.
      await nextTurn();
    }
    return pages;
  } finally {
    await pdf.destroy();
  }
}

async function open(bytes: Buffer, field: string): Promise<Pdf> {
  // Loaded with the first PDF: text-only systems never need these 1.6 MB of code.
  const { getDocumentProxy } = await import('unpdf');
  try {
    // pdf.js takes ownership of the buffer, so it gets a copy.
    return await getDocumentProxy(new Uint8Array(bytes), { verbosity: 0, disableFontFace: true });
  } catch (error) {
    if (error instanceof Error && error.name === 'PasswordException') throw passwordProtected(field);
    throw invalidRequest(field, 'The PDF specified was not valid.');
  }
}

async function pageText(pdf: Pdf, number: number, field: string): Promise<string> {
  try {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    return items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('');
  } catch {
    throw invalidRequest(field, `Could not process PDF: page ${number} of ${pdf.numPages} is not readable.`);
  }
}

const passwordProtected = (field: string) => invalidRequest(field, 'The PDF specified is password protected.');
export const tooManyPages = (field: string) =>
  invalidRequest(field, `A maximum of ${MAX_PAGES} PDF pages may be provided.`);
