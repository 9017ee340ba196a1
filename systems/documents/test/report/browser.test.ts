import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { getDocumentProxy } from 'unpdf';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, CHROMIUM } from '#test/support/chromium.ts';
import { EVIL } from '#test/support/evil-markup.ts';
import { contract } from '../agent/support.ts';
import { document, failed, page, report, succeeded, task } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-report-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function open(html: string, ...args: readonly string[]): Promise<string> {
  const file = join(folder, 'report.html');
  await writeFile(file, html);
  return chromium(...args, pathToFileURL(file).href);
}

describe.skipIf(CHROMIUM === undefined)('report.html in a browser', () => {
  it('shows text of documents, file names and models as text', async () => {
    const finding = { quote: EVIL, page: 1 } as const;
    const output = contract({
      title: EVIL,
      parties: [EVIL],
      term: EVIL,
      governingLaw: EVIL,
      clauses: [{ kind: 'term', ...finding }],
      risks: [{ kind: 'other', severity: 'high', ...finding }],
    });
    const documents = [
      document(EVIL, task('a', { state: succeeded(output), model: EVIL })),
      document(`b ${EVIL}`, task('b', { state: failed(EVIL) })),
    ];
    const html = page(report(documents, { brokeOff: EVIL, uploadId: EVIL, runId: EVIL }));
    const dom = await open(html, '--dump-dom');
    expect(dom).toMatch(/<title>Contract report: &lt;img/);
    expect(dom.match(/<script\b/g)).toHaveLength(1);
    const tags = dom.replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*>/g) ?? [];
    expect(tags.filter((tag) => /^<img|onload|onerror|onfocus|autofocus/.test(tag))).toEqual([]);
  });

  it('prints the table, and of the contracts only those that are open, each on a page of its own', async () => {
    const many = Array.from({ length: 54 }, (_, index) => document(`${index}.pdf`, task(String(index))));
    const html = page(report(many));
    const pages = async (text: string): Promise<number> => {
      const file = join(folder, 'report.pdf');
      await open(text, '--no-pdf-header-footer', `--print-to-pdf=${file}`);
      const pdf = await getDocumentProxy(new Uint8Array(await readFile(file)));
      return pdf.numPages;
    };
    const closed = await pages(html);
    expect(closed).toBeLessThan(8);
    const opened = html.replaceAll(/<details class="contract" id="c[12]"/g, '$& open');
    expect(await pages(opened)).toBe(closed + 2);
  });
});
