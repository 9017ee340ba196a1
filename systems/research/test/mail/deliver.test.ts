import { expect, it } from 'vitest';
import { awaitsRescue } from '../../mail/asks-for-mail.ts';
import { wayOf } from '../../mail/deliver.ts';
import type { MailEnv } from '../../mail/env.ts';
import { fullBrief } from '../brief/support.ts';

const SES: MailEnv = { MAIL_FROM: 'brief@example.com', MAIL_TO: ['ada@example.org'] };
const SNS: MailEnv = { MAIL_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:briefs' };
const kindOf = (env: MailEnv, input: unknown) => wayOf(env, input)?.channel.kind ?? null;

const ENDED = { error: 'Run.NotBegun', cause: 'The table was down.' };

it.each([
  ['failed before its map', { companies: [], problem: ENDED }, '2026-11-30T03:30:00Z', true],
  ['failed with companies', { problem: ENDED }, '2026-11-30T03:30:00Z', false],
  ['had an empty list', { companies: [] }, '2026-11-30T03:30:00Z', false],
  ['may not have ended when its watchdog comes', { companies: [], problem: ENDED }, '2026-11-30T02:10:00Z', false],
  ['failed after its watchdog', { companies: [], problem: ENDED }, '2026-11-30T01:00:00Z', false],
  ['is a rescue, or was started by hand', { companies: [], problem: ENDED }, undefined, false],
])('a night that %s: whether its brief waits for its rescue', (_, change, rescueAt, waits) => {
  const brief = { ...fullBrief(40), ...change, briefAt: '2026-11-30T02:00:00Z' };
  expect(awaitsRescue(brief, { mail: true, ...(rescueAt !== undefined && { rescueAt }) })).toBe(waits);
});

/** What the API starts an execution with. */
const BY_REQUEST = { items: { key: 'uploads/list.jsonl' }, tenant: 'acme', name: 'mail: true' };

it('mails only a run whose execution asks for it, which a request to the API cannot', () => {
  expect([kindOf(SES, BY_REQUEST), kindOf(SNS, BY_REQUEST)]).toEqual([null, null]);
  expect([kindOf(SES, { mail: 'true' }), kindOf(SES, undefined)]).toEqual([null, null]);
  const scheduled = { ...BY_REQUEST, mail: true };
  expect([kindOf(SES, scheduled), kindOf(SNS, scheduled), kindOf({}, scheduled)]).toEqual(['ses', 'sns', null]);
});

it('mails every run into the mailbox of this machine', () => {
  expect(kindOf({ ...SES, ALLOW_STAND_IN: '127.0.0.1' }, BY_REQUEST)).toBe('ses');
});
