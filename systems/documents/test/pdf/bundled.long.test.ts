import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildModule } from '#lib/bundle.ts';
import { PDF_READER } from '../../pdf/bundled.ts';
import { CLAUSE, makePdf, text } from './support.ts';

const PROGRAM = `import { readFileSync } from 'node:fs';
import { readPdf } from './index.mjs';
for (const file of process.argv.slice(2)) {
  const { pages, bytes } = await readPdf(new Uint8Array(readFileSync(file)));
  console.log(pages.join(), Buffer.from(bytes).includes('/Encrypt'));
}`;

it('a bundle has the thread that reads PDFs, its CMaps, and what removes protection', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-bundle-'));
  // As for a deployed function.
  const build = (entry: string, file: string) => buildModule(entry, join(folder, file));
  try {
    build('systems/documents/pdf/read-pdf.ts', 'index.mjs');
    for (const [file, entry] of Object.entries(PDF_READER.programs)) build(entry, file);
    for (const [file, { path }] of Object.entries(PDF_READER.files)) copyFileSync(path, join(folder, file));
    writeFileSync(join(folder, 'read.mjs'), PROGRAM);
    const file = fileURLToPath(new URL('cases/cjk-mixed.pdf', import.meta.url));
    const restricted = join(folder, 'restricted.pdf');
    writeFileSync(restricted, await makePdf([text(CLAUSE)], { ownerPassword: 'secret', pdfVersion: '1.7' }));
    const program = [join(folder, 'read.mjs'), file, restricted];
    const said = execFileSync(process.execPath, program, { encoding: 'utf8' });
    expect(said).toContain('本契約は日本法に準拠する。');
    expect(said.replaceAll('\n', ' ')).toMatch(/notice to the other party\. +false/);
  } finally {
    await rm(folder, { recursive: true });
  }
});
