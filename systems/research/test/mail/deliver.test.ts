import { expect, it } from 'vitest';
import { wayOf } from '../../mail/deliver.ts';
import type { MailEnv } from '../../mail/env.ts';

const SES: MailEnv = { MAIL_FROM: 'brief@example.com', MAIL_TO: ['ada@example.org'] };
const SNS: MailEnv = { MAIL_TOPIC_ARN: 'arn:aws:sns:eu-central-1:111122223333:briefs' };
const kindOf = (env: MailEnv, input: unknown) => wayOf(env, input)?.channel.kind ?? null;

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
