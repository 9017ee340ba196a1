import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { contract } from '../agent/support.ts';
import { document, failed, page, report, succeeded, task } from './support.ts';

const EVIL = `</script><img src=x onerror=alert(1)>" onclick='x' {{7*7}}`;

const withOutput = (output: unknown) => report([document('a.pdf', task('a', { state: succeeded(output) }))]);

describe('report.html is safe to open', () => {
  it('escapes all text from documents and file names', () => {
    const clause = { kind: 'term', quote: EVIL, page: 1 } as const;
    const risk = { kind: 'other', severity: 'high', quote: EVIL, page: 1 } as const;
    const output = contract({
      title: EVIL,
      parties: [EVIL],
      term: EVIL,
      governingLaw: EVIL,
      clauses: [clause],
      risks: [risk],
    });
    const html = page(
      report(
        [
          document(EVIL, task('a', { state: succeeded(output) })),
          document(`b ${EVIL}`, task('b', { state: failed(EVIL) })),
        ],
        { brokeOff: EVIL, uploadId: 'spring' },
      ),
    );
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot; onclick=&#39;x&#39;');
    expect(html).not.toContain('<img');
    expect(html.match(/<script>/g)).toHaveLength(1);
  });

  it('loads nothing from elsewhere, and allows only its own style and script', () => {
    const html = page(withOutput(contract()));
    expect(html).not.toMatch(/https?:|\ssrc=|<link|@import|url\(/);
    expect(html).not.toMatch(/\sstyle=/);
    const policy = /Content-Security-Policy" content="([^"]+)"/.exec(html)?.[1]?.replaceAll('&#39;', "'") ?? '';
    expect(policy).toContain("default-src 'none'");
    for (const element of ['style', 'script']) {
      const inner = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(html)?.[1] ?? '';
      const digest = createHash('sha256').update(inner).digest('base64');
      expect(policy).toContain(`${element}-src 'sha256-${digest}'`);
    }
  });
});

describe('report.html shows', () => {
  it('the quotes and pages of each contract, in a section linked from its row', () => {
    const clause = { kind: 'governing-law', quote: 'under the laws of Delaware', page: 4 } as const;
    const html = page(withOutput(contract({ clauses: [clause] })));
    expect(html).toContain('<a href="#c1">Mutual Non-Disclosure Agreement</a>');
    const section = html.slice(html.indexOf('id="c1"'));
    expect(section).toContain('<span class="kind">Governing law</span><span class="page">page 4</span>');
    expect(section).toContain('under the laws of Delaware</blockquote>');
  });

  it('which quotes were not found', () => {
    const risk = { kind: 'other', severity: 'high', quote: 'made up', page: 1, verified: false } as const;
    const html = page(withOutput({ ...contract(), risks: [risk] }));
    expect(html).toContain('Quote not found in the document');
    expect(html).toContain('1 quote could not be found word for word and is marked.');
  });

  it('why a document was not analysed', () => {
    const html = page(report([document('b.pdf', task('b', { state: failed('truncated: Send it again.') }))]));
    expect(html).toContain('<span class="title">Incomplete file</span>');
    expect(html).toContain('<dt>b.pdf</dt><dd>Send it again.</dd>');
    expect(html).toContain('0 of 1 document analysed');
  });

  it('the laws after the eighth in one bar, on the same scale as the others', () => {
    const laws = [...Array.from({ length: 20 }, (_, law) => `Law ${String(law).padStart(2, '0')}`), null, null, null];
    const documents = laws.map((governingLaw, index) =>
      document(`${index}.pdf`, task(String(index), { state: succeeded(contract({ governingLaw })) })),
    );
    const [, chart = ''] = page(report(documents)).split('<h2>Governing law</h2>');
    const width = (label: string): number =>
      Number(new RegExp(`>${label}</span><svg[^>]*><rect [^>]*width="([\\d.]+)%"`).exec(chart)?.[1]);
    expect(width('12 others')).toBe(100);
    expect(width('Not stated')).toBeCloseTo(25, 1);
    expect(width('Law 00')).toBeCloseTo(100 / 12, 1);
  });

  it('that the run aborted', () => {
    const html = page(report([document('a.pdf')], { brokeOff: 'States.Timeout' }));
    expect(html).toContain('The run ended before every document was processed: States.Timeout');
  });
});

describe('report.html is complete', () => {
  it('for an upload without documents', () => {
    const html = page(report([]));
    expect(html).toContain('No documents in this upload');
    expect(html.endsWith('</body></html>\n')).toBe(true);
  });

  it('with every open element closed', () => {
    const html = page(withOutput(contract({ clauses: [{ kind: 'term', quote: 'x', page: 1 }] })));
    for (const name of 'html body main section table tbody tr td details dl ul li svg figure form'.split(' ')) {
      const opened = html.match(new RegExp(`<${name}[\\s>]`, 'g'))?.length ?? 0;
      const closed = html.match(new RegExp(`</${name}>`, 'g'))?.length ?? 0;
      expect(`${closed} </${name}>`).toBe(`${opened} </${name}>`);
    }
  });

  it('and small: a few kilobytes per contract', () => {
    const one = task('a', { state: succeeded(contract()) });
    const size = (count: number) =>
      page(report(Array.from({ length: count }, (_, i) => document(`${i}.pdf`, one)))).length;
    expect((size(300) - size(100)) / 200).toBeLessThan(2_500);
  });
});

describe('report.html is honest', () => {
  it('says that a simulated model answered, and only then', () => {
    const answeredBy = (model: string) => page(report([document('a.pdf', task('a', { model }))]));
    expect(answeredBy('claude-sonnet-5-5-simulated')).toContain('A simulated model answered');
    expect(answeredBy('claude-sonnet-5-5')).not.toContain('A simulated model answered');
  });
});
