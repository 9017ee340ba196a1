import { execFileSync } from 'node:child_process';
import { copyFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { buildModule } from '#lib/bundle.ts';
import { PDF_READER } from '../../pdf/bundled.ts';

const PROGRAM = `import { readFileSync } from 'node:fs';
import { readPdf } from './index.mjs';
const { pages } = await readPdf(new Uint8Array(readFileSync(process.argv[2])));
console.log(pages.join());`;

it('a bundle has the thread that reads PDFs, and its CMaps', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fleet-bundle-'));
  // As for a deployed function.
  const build = (entry: string, file: string) => buildModule(entry, join(folder, file));
  try {
    build('systems/documents/pdf/read-pdf.ts', 'index.mjs');
    for (const [file, entry] of Object.entries(PDF_READER.programs)) build(entry, file);
    for (const [file, { path }] of Object.entries(PDF_READER.files)) copyFileSync(path, join(folder, file));
    writeFileSync(join(folder, 'read.mjs'), PROGRAM);
    const file = fileURLToPath(new URL('cases/cjk-mixed.pdf', import.meta.url));
    const said = execFileSync(process.execPath, [join(folder, 'read.mjs'), file], { encoding: 'utf8' });
    expect(said).toContain('本契約は日本法に準拠する。');
  } finally {
    await rm(folder, { recursive: true });
  }
});
