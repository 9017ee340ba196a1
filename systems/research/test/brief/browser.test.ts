import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromium, CHROMIUM } from '#test/support/chromium.ts';
import { EVIL } from '#test/support/evil-markup.ts';
import { briefFiles } from '../../brief/files.ts';
import { mailHtml } from '../../brief/html/mail.ts';
import { fullBrief } from './support.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fleet-brief-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A brief whose every text would run if one place did not escape it. */
function evilBrief() {
  const brief = fullBrief(40, EVIL, `?a="><script>document.title=1</script>&b='`);
  const companies = brief.companies.map((row) => ({
    ...row,
    name: EVIL,
    sector: EVIL,
    reason: EVIL,
    warnings: [EVIL],
    failures: [{ url: EVIL, reason: EVIL }],
    threat: { ...row.threat, parts: row.threat.parts.map((part) => ({ ...part, what: EVIL })) },
  }));
  return { ...brief, companies, moves: brief.moves.map((move) => ({ ...move, why: EVIL })) };
}

describe.skipIf(CHROMIUM === undefined)('a brief in a browser', () => {
  it('shows what pages, models and lists say as text', async () => {
    const brief = evilBrief();
    const files = new Map([...briefFiles(brief), ['mail.html', mailHtml(brief)] as const]);
    const company = [...files.keys()].find((name) => name.startsWith('companies/')) ?? '';
    for (const name of ['mail.html', 'brief.html', 'companies.html', 'appendix.html', company]) {
      const file = join(folder, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, files.get(name) ?? '');
      const dom = await chromium('--dump-dom', pathToFileURL(file).href);
      expect(dom).toContain('&lt;img src=x');
      const tags = dom.replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*>/g) ?? [];
      expect(tags.length).toBeGreaterThan(20);
      expect(tags.filter((tag) => /^<(?:script|img|iframe|link)|\son\w+=|autofocus/.test(tag))).toEqual([]);
      expect(dom).not.toMatch(/<title>[1-5]<|href="javascript:/);
    }
  }, 120_000);

  it('a window of 360 pixels shows it without a horizontal scroll bar', async () => {
    const file = join(folder, 'narrow.html');
    // Reports what sticks out of the page. The page itself has no script.
    const probe = `<script>document.title = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > 361).length;</script>`;
    const frame = (page: string): string =>
      `<body style="margin:0"><div style="width:360px">${/<body[^>]*>([^]*)<\/body>/.exec(page)?.[1]}</div>${probe}</body>`;
    await writeFile(file, frame(mailHtml(fullBrief(40))));
    const dom = await chromium('--dump-dom', pathToFileURL(file).href);
    expect(dom).toContain('<title>0</title>');
  });
});
