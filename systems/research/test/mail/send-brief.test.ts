import { expect, it } from 'vitest';
import type { Letter, MailResult } from '#core/ports/mailer.ts';
import { inMemoryMailStore } from '#test/support/fakes/in-memory-mail-store.ts';
import type { Channel } from '../../mail/letters.ts';
import { sendBrief } from '../../mail/send-brief.ts';
import type { Delivery } from '../../night/deliver.ts';
import { fullBrief } from '../brief/support.ts';

const brief: Delivery = {
  runId: 'run-1',
  brief: fullBrief(40),
  place: { bucket: 'snapshots', prefix: 'runs/run-1/brief/' },
  pdf: Buffer.from('%PDF-'),
};
const TO = ['ada@example.org', 'bob@example.org', 'eve@example.org'];
const ses: Channel = { kind: 'ses', from: 'Competitor brief <brief@example.com>', to: TO };
const lost: MailResult = { kind: 'unknown', reason: 'no answer' };
const busy: MailResult = { kind: 'not-sent', reason: 'Amazon SES answered TooManyRequestsException: rate' };

/** A service that answers the attempts for an address in turn, then accepts. Time passes in pauses, and `each` while a mail is sent. */
function world(answers: Readonly<Record<string, MailResult[]>> = {}, time = { each: 0, limit: Infinity }) {
  const arrived: Letter[] = [];
  const attempts: string[] = [];
  const mails = inMemoryMailStore();
  let now = 1_000_000;
  const ports = {
    mails,
    clock: { now: () => now },
    hasTime: () => now - 1_000_000 < time.limit,
    pause: (ms: number) => Promise.resolve(void (now += ms)),
    mailer: {
      send: (letter: Letter): Promise<MailResult> => {
        attempts.push(letter.to);
        now += time.each;
        const result = answers[letter.to]?.shift() ?? { kind: 'accepted', messageId: 'm' };
        if (result.kind === 'accepted' || result.kind === 'unknown') arrived.push(letter);
        return Promise.resolve(result);
      },
    },
  };
  return {
    arrived,
    attempts,
    waited: () => now - 1_000_000,
    send: (channel = ses, sent = brief) => sendBrief(ports, sent, channel),
  };
}

it('each recipient gets a mail of their own, once, however often the brief is delivered', async () => {
  const { arrived, send } = world();
  const report = { channel: 'ses', recipients: 3, sent: 3, rejected: 0, unknown: 0, unsent: 0, reasons: [] };
  expect(await send()).toEqual(report);
  expect(await send()).toEqual(report);
  expect(arrived.map(({ to }) => to)).toEqual(TO);
  expect(arrived[0]).toMatchObject({
    about: 'research#run-1',
    runId: 'run-1',
    from: 'Competitor brief <brief@example.com>',
    subject: '[simulated] [late] Competitor brief 2026-11-30: 39 of 40 companies, 39 new, 39 changed',
    attachments: [{ name: 'competitor-brief-2026-11-30.pdf', type: 'application/pdf' }],
  });
});

it('what SES does not take yet is tried again, and the others are not sent twice', async () => {
  const { attempts, send } = world({ 'bob@example.org': [busy, busy] });
  expect(await send()).toMatchObject({ sent: 3 });
  expect(attempts).toEqual([...TO, 'bob@example.org', 'bob@example.org']);
});

it('a mail whose answer is lost is sent once more after a minute, and never a third time', async () => {
  const { arrived, attempts, waited, send } = world({ 'ada@example.org': [lost, lost] });
  expect(await send()).toMatchObject({ sent: 2, unknown: 1, unsent: 0 });
  expect(await send()).toMatchObject({ sent: 2 });
  expect(attempts.filter((to) => to === 'ada@example.org')).toHaveLength(2);
  expect(arrived).toHaveLength(4);
  expect(waited()).toBeGreaterThan(60_000);
});

it('a recipient that is none is reported, and the rest get the brief', async () => {
  const reason = 'Amazon SES answered BadRequestException: Illegal address <bob@example.org>';
  const { arrived, send } = world({ 'bob@example.org': [{ kind: 'rejected', reason }] });
  const report = await send();
  expect(report).toMatchObject({
    sent: 2,
    rejected: 1,
    reasons: ['Amazon SES answered BadRequestException: Illegal address <(address)>'],
  });
  expect(arrived.map(({ to }) => to)).toEqual(['ada@example.org', 'eve@example.org']);
});

it('a service that is down for good ends in a report, not in an error, within about two minutes', async () => {
  const { waited, send } = world(Object.fromEntries(TO.map((to) => [to, Array.from({ length: 20 }, () => busy)])));
  expect(await send()).toMatchObject({ sent: 0, unsent: 3, reasons: [busy.reason] });
  expect(waited()).toBeLessThan(120_000);
});

it('a service that hangs is left when the function has no time for one more mail, and the report counts every recipient', async () => {
  const { attempts, waited, send } = world({ 'ada@example.org': [lost] }, { each: 15_000, limit: 20_000 });
  expect(await send()).toEqual({
    channel: 'ses',
    recipients: 3,
    sent: 1,
    rejected: 0,
    unknown: 0,
    unsent: 2,
    reasons: ['no answer', 'The function had no time left for it.'],
  });
  expect(attempts).toEqual(['ada@example.org', 'bob@example.org']);
  expect(waited()).toBe(31_100);
});

it('by SNS one short text goes to the topic, with the place of the files and without a link', async () => {
  const { arrived, send } = world();
  expect(await send({ kind: 'sns' })).toMatchObject({ channel: 'sns', recipients: 1, sent: 1 });
  await send({ kind: 'sns' });
  expect(arrived).toHaveLength(1);
  const [{ text } = { text: '' }] = arrived;
  expect(text).toMatch(/^Competitor brief, 2026-11-30\n1 of 40 companies is missing: 1 without a known website/);
  expect(text).toContain('aws s3 cp --recursive s3://snapshots/runs/run-1/brief/ brief');
  expect(text).not.toMatch(/https?:/);
  expect(Buffer.byteLength(text)).toBeLessThan(2_000);
});

it('the brief of a run that was called off is not mailed, one that ended too late is', async () => {
  const { arrived, send } = world();
  const ended = (error: string): Delivery => ({
    ...brief,
    brief: { ...brief.brief, problem: { error, cause: 'It was.' } },
  });
  expect(await send(ses, ended('Run.Cancelled'))).toMatchObject({ recipients: 0, sent: 0 });
  expect(await send(ses, ended('Run.TimedOut'))).toMatchObject({ recipients: 3, sent: 3 });
  expect(arrived[0]?.text).toContain('The run ended early (Run.TimedOut): It was.');
});
