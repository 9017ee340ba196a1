import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { nightOf } from './items.ts';
import { startNightFleet, type NightFleet } from './night-fleet.ts';

/** A night whose brief is mailed, on the local cloud, whose SES writes each mail to a file. */

const MAIL = {
  from: 'Competitor brief <brief@fleet.example>',
  to: ['ada@fleet.example', 'bob@fleet.example'],
  createIdentity: true,
  zone: 'Europe/Berlin',
};

let nights: NightFleet;
const mails: { readonly to: string; readonly subject: string; readonly file: string }[] = [];
beforeAll(async () => {
  nights = await startNightFleet({
    web: { companies: 3, faults: { share: 0 } },
    context: { 'research.mail': JSON.stringify(MAIL) },
    onEvent: (event) => {
      if (event.code === 'mail.received') mails.push(event);
    },
  });
});
afterAll(() => nights[Symbol.asyncDispose]());

it('each recipient gets the brief as HTML, text and PDF, and so does the bucket', async () => {
  const id = await nights.start({ items: nights.items(0), group: 'mailed' });
  await nights.ended(id);
  await vi.waitFor(() => expect(mails).toHaveLength(2), { timeout: 90_000 });
  const { totals, zone } = await nights.brief(id);
  expect(zone).toBe('Europe/Berlin');
  expect(mails.map(({ to }) => to).toSorted()).toEqual(MAIL.to);
  const subject = `[simulated] Competitor brief ${nightOf(0)}: ${totals.new} new, ${totals.changed} changed`;
  expect(mails.map((mail) => mail.subject)).toEqual([subject, subject]);
  const mail = await readFile(mails[0]?.file ?? '', 'utf8');
  for (const part of [
    `X-Fleet-Run: ${id}`,
    `References: <research%23${id}@fleet.example>`,
    'Content-Type: text/plain',
    'Content-Type: text/html',
    `Content-Type: application/pdf; name=competitor-brief-${nightOf(0)}.pdf`,
  ])
    expect(mail.replaceAll(/\r\n\s+/g, ' ')).toContain(part);
  expect(await nights.read(`runs/${id}/brief/brief.pdf`)).toMatch(/^%PDF-/);
});
