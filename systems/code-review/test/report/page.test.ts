import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { chromium, CHROMIUM } from '#test/support/chromium.ts';
import { EVIL } from '#test/support/evil-markup.ts';
import type { Review } from '../../findings/review.ts';
import { reviewHtml } from '../../report/html/page.ts';
import { diffed, finding } from '../diffed.ts';

const facts = { base: EVIL, head: EVIL, spent: { tokens: 1_200, usd: 0.01 }, simulated: true };
const page = (review: Partial<Review>, lines: readonly string[], path = 'src/a.ts'): string =>
  reviewHtml({
    review: { verdict: 'comment', because: EVIL, summary: EVIL, findings: [], unplaced: [], leftOut: [], ...review },
    plan: { files: [diffed(path, lines)] },
    facts,
    title: EVIL,
  });

describe('review.html', () => {
  it('shows each finding once, below the last of its lines, on its side', () => {
    const html = page(
      {
        findings: [
          finding({ file: 'src/a.ts', line: 2, message: 'Added.' }),
          finding({ file: 'src/a.ts', line: 2, side: 'LEFT', message: 'Removed.' }),
        ],
      },
      [' one', '-two', '+two!', ' three'],
    );
    const rows = html.split('<tr').map((row) => row.replaceAll(/<[^>]*>/g, ' '));
    const at = (text: string): number => rows.findLastIndex((row) => row.includes(text));
    expect(at('Removed.')).toBe(at('-two') + 1);
    expect(at('Added.')).toBe(at('+two!') + 1);
    expect(html.match(/id="f\d"/g)).toEqual(['id="f2"', 'id="f1"']);
  });

  it('loads nothing and has no script', () => {
    const html = page({}, ['+a']);
    expect(html).toContain('default-src &#39;none&#39;');
    expect(html).not.toMatch(/<script|<link|<img|<iframe|url\(/);
  });

  it('shows the characters by which a line of source reads in another order than it runs', () => {
    const html = page({}, ['+/*\u202E } \u2066if (isAdmin)\u2069 \u2066 begin admins only */']);
    expect(html).not.toMatch(/[\u202A-\u202E\u2066-\u2069]/);
    expect(html).toContain('+/*[U+202E] } [U+2066]if (isAdmin)[U+2069] [U+2066] begin admins only */');
  });

  it.skipIf(CHROMIUM === undefined)(
    'shows text of the change and of the model as text in a browser',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'review-page-'));
      onTestFinished(() => rm(folder, { recursive: true }));
      const review: Partial<Review> = {
        findings: [finding({ file: EVIL, line: 1, message: EVIL, quote: EVIL, suggestion: EVIL })],
        unplaced: [{ file: EVIL, quote: EVIL, severity: 'low', agent: 'style', message: EVIL }],
        leftOut: [{ path: EVIL, reason: 'not-reviewed', detail: EVIL }],
      };
      const file = join(folder, 'review.html');
      // A path can't begin with a parsed header's characters, so the file gets it here.
      const parts = { ...diffed('a', [`+${EVIL}`, `-${EVIL}`, ` ${EVIL}`]), path: EVIL, oldPath: EVIL };
      const html = reviewHtml({
        review: {
          verdict: 'comment',
          because: EVIL,
          summary: EVIL,
          findings: [],
          unplaced: [],
          leftOut: [],
          ...review,
        },
        plan: { files: [parts] },
        facts,
        title: EVIL,
      });
      await writeFile(file, html);
      const dom = await chromium('--dump-dom', pathToFileURL(file).href);
      expect(dom).toMatch(/<title>Review: &lt;img/);
      const tags = dom.replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*>/g) ?? [];
      expect(tags.length).toBeGreaterThan(20);
      expect(tags.filter((tag) => /^<(?:img|svg|script)|onload|onerror|onfocus|autofocus/.test(tag))).toEqual([]);
      expect(dom.match(/class="card/g)).toHaveLength(1);
    },
    60_000,
  );
});
