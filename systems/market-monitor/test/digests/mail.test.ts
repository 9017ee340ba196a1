import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MailResult } from '#core/ports/mailer.ts';
import { chromium, CHROMIUM } from '#test/support/chromium.ts';
import { EVIL } from '#test/support/evil-markup.ts';
import { inMemoryMailStore } from '#test/support/fakes/in-memory-mail-store.ts';
import { decide } from '../../alerts/decide.ts';
import { digestHtml } from '../../digests/html.ts';
import { makeDigest } from '../../digests/make-digest.ts';
import { lettersOf, mailDigest } from '../../digests/publish.ts';
import { digestText } from '../../digests/text.ts';
import { contextOf, matchOf, NOW } from '../alerts/support.ts';
import { analysis, finding, inputOf } from './support.ts';

/** A digest of which every text is from somebody else. */
function evilDigest(text = EVIL) {
  const change = { ticker: text, title: text, rule: text, cause: text };
  const event = { source: text, id: text, type: text, time: '2026-11-27T14:30:00Z' };
  const alert = decide(null, matchOf({ ...change, event }), contextOf());
  return makeDigest(
    inputOf({
      portfolio: { id: 'tech', name: text, zone: 'America/New_York' },
      findings: [finding({ id: 'a', ...change, event }), analysis('t', text, { event })],
      late: [finding({ id: 'l', ...change, event: { ...event, time: '2026-11-27T13:30:00Z' } })],
      alerts: alert === null ? [] : [{ ...alert, acknowledged: { by: text, at: NOW } }],
      silentSources: [text],
    }),
  );
}

describe('the mail of a digest', () => {
  it('has words of others as data', () => {
    const html = digestHtml(evilDigest());
    const tags = html.replaceAll(/"[^"]*"/g, '""').match(/<\w[^>]*>/g) ?? [];
    expect(tags.length).toBeGreaterThan(20);
    expect(tags.filter((tag) => /^<(?:script|img|iframe|link|svg|a)[\s>]|\son\w+=|autofocus/.test(tag))).toEqual([]);
    expect(html).toContain('&lt;img src=x');
  });

  it('a text of others cannot look like another line of the plain text', () => {
    const text = digestText(evilDigest('x\nWhat is open\n- FAKE alert\u202E'), { details: true });
    expect(text.split('\n').filter((each) => each === 'What is open')).toHaveLength(1);
    expect(text).not.toContain('\u202E');
  });

  it('the subject is one line', () => {
    const [letter] = lettersOf(evilDigest('a\r\nBcc: x@example.com'), 'fleet@example.com', ['ada@example.com']);
    expect(letter?.subject).not.toMatch(/[\r\n]/);
  });

  it('goes to each recipient once', async () => {
    const to: string[] = [];
    const results: MailResult[] = [{ kind: 'not-sent', reason: 'too many at once' }];
    const ports = {
      from: 'fleet@example.com',
      clock: { now: () => NOW },
      mails: inMemoryMailStore(),
      mailer: {
        send: (letter: { to: string }) => {
          const result = results.shift() ?? { kind: 'accepted' as const, messageId: 'm' };
          if (result.kind === 'accepted') to.push(letter.to);
          return Promise.resolve(result);
        },
      },
    };
    const digest = makeDigest(inputOf());
    const recipients = ['ada@example.com', 'bob@example.com'];
    await expect(mailDigest(ports, digest, recipients)).rejects.toThrow('1 of its recipients');
    expect(await mailDigest(ports, digest, recipients)).toBe(0);
    expect(await mailDigest(ports, digest, recipients)).toBe(0);
    expect(to).toEqual(['bob@example.com', 'ada@example.com']);
  });
});

describe.skipIf(CHROMIUM === undefined)('the mail of a digest in a browser', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fleet-digest-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('runs nothing, and fits a window of 360 pixels without a horizontal scroll bar', async () => {
    const file = join(folder, 'digest.html');
    // Reports what sticks out of the page. The page itself has no script.
    const probe = `<script>document.title = 'out: ' + [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > 361).length;</script>`;
    const html = digestHtml(evilDigest());
    const body = /<body[^>]*>([^]*)<\/body>/.exec(html)?.[1];
    await writeFile(file, `<body style="margin:0"><div style="width:360px">${body}</div>${probe}</body>`);
    const dom = await chromium('--dump-dom', pathToFileURL(file).href);
    expect(dom).toContain('<title>out: 0</title>');
  });
});
