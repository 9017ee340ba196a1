import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateConfigurationSetCommand,
  CreateEmailIdentityCommand,
  GetAccountCommand,
  MessageRejected,
  SESv2Client,
  SendEmailCommand,
  TooManyRequestsException,
  type SendEmailCommandInput,
} from '@aws-sdk/client-sesv2';
import { expect, onTestFinished, test } from 'vitest';
import { watchMailbox } from '../../src/mailbox.ts';
import { createSes } from '../../src/services/ses/service.ts';
import { serve, temporaryFolder } from '../../testing/serve.ts';

const simple = (subject: string) => ({
  Simple: { Subject: { Data: subject }, Body: { Text: { Data: 'Nothing new.' } } },
});
const to = (...ToAddresses: string[]) => ({ Destination: { ToAddresses } });
const MAIL = { FromEmailAddress: 'Brief <brief@mail.example.com>', Content: simple('Brief'), ...to('ada@example.org') };

type Options = Partial<Parameters<typeof createSes>[0]>;

async function start({ mailDir = temporaryFolder(), ...options }: Options = {}) {
  const served = await serve(() => createSes({ region: 'eu-west-1', mailDir, ...options }));
  onTestFinished(() => served.close());
  const client = new SESv2Client(served.client);
  await client.send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
  const mails = () => readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8'));
  return {
    client,
    mails,
    mail: (more: Partial<SendEmailCommandInput> = {}) => client.send(new SendEmailCommand({ ...MAIL, ...more })),
  };
}

test('a mail is a file with its headers, both bodies and its attachments', async () => {
  const { mail, mails } = await start();
  const Content = {
    Simple: {
      Subject: { Data: 'Überblick: 3 threats' },
      Body: { Text: { Data: 'Acme cut prices.' }, Html: { Data: '<p>Acme cut prices.</p>' } },
      Headers: [{ Name: 'X-Fleet-Run', Value: 'run-1' }],
      Attachments: [{ FileName: 'brief.json', RawContent: Buffer.from('{"new":1}'), ContentType: 'application/json' }],
    },
  };
  const { MessageId } = await mail({ Content, ...to('Ada <ada@example.org>', 'bob@example.org') });
  const [text = ''] = mails();
  expect(text).toContain('From: Brief <brief@mail.example.com>\r\n');
  expect(text).toContain('To: Ada <ada@example.org>, bob@example.org\r\n');
  // Folded, since the line is long.
  expect(text).toContain(`Message-ID:\r\n <${MessageId}@email.amazonses.com>\r\n`);
  expect(text).toContain('X-Fleet-Run: run-1\r\n');
  expect(text).toMatch(
    /Content-Type: text\/plain[^]*Acme cut prices\.[^]*Content-Type: text\/html[^]*<p>Acme cut prices\.<\/p>/,
  );
  expect(text).toContain(Buffer.from('{"new":1}').toString('base64'));
});

test('a mail is reported when it arrives, with its subject in plain text', async () => {
  const mailDir = temporaryFolder();
  const arrived = Promise.withResolvers<unknown>();
  onTestFinished(watchMailbox(mailDir, arrived.resolve));
  const { mail } = await start({ mailDir });
  const long = 'Überblick: Zürich, Åre and Łódź have news of more than seventy-six letters';
  await mail({ Content: simple(long) });
  expect(await arrived.promise).toMatchObject({ code: 'mail.received', to: 'ada@example.org', subject: long });
});

test('the sender needs an identity: its address, its domain or one above', async () => {
  const { mail, mails } = await start();
  await mail();
  const refused = mail({ FromEmailAddress: 'brief@notexample.com' });
  await expect(refused).rejects.toBeInstanceOf(MessageRejected);
  await expect(refused).rejects.toThrow(
    'Email address is not verified. The following identities failed the check in region EU-WEST-1: brief@notexample.com',
  );
  expect(mails()).toHaveLength(1);
});

test('in the sandbox recipients need one too, but for those of the mailbox simulator', async () => {
  let now = 1_000_000;
  const { mail } = await start({ sandbox: true, now: () => (now += 2_000) });
  await expect(mail()).rejects.toThrow('EU-WEST-1: ada@example.org');
  await mail(to('success@simulator.amazonses.com'));
  await mail(to('ada@example.com'));
});

test.each([
  ['nobody', "Missing final '@domain'"],
  ['ada@exa mple.org', 'Illegal address'],
  ['Ada <ada@>', 'Illegal address'],
])('rejects the recipient %s', async (address, message) => {
  const { mail, mails } = await start();
  await expect(mail(to(address))).rejects.toMatchObject({ name: 'BadRequestException', message });
  expect(mails()).toEqual([]);
});

test('rejects too many recipients, unknown configuration sets, and what it does not support', async () => {
  const { client, mail } = await start();
  const many = Array.from({ length: 51 }, (_, index) => `a${index}@example.org`);
  await expect(mail(to(...many))).rejects.toThrow('Recipient count exceeds 50.');
  await expect(mail({ ConfigurationSetName: 'mails' })).rejects.toMatchObject({ name: 'NotFoundException' });
  await client.send(new CreateConfigurationSetCommand({ ConfigurationSetName: 'mails' }));
  await mail({ ConfigurationSetName: 'mails' });
  await expect(mail({ Content: { Raw: { Data: Buffer.from('x') } } })).rejects.toThrow('Content.Simple');
  const Headers = [{ Name: 'Subject', Value: 'Other' }];
  await expect(mail({ Content: { Simple: { ...simple('Brief').Simple, Headers } } })).rejects.toThrow(
    'SES writes this header itself',
  );
});

test('counts recipients against the rate, and lets the message that goes over it through', async () => {
  let now = 1_000_000;
  const { mail } = await start({ sandbox: true, now: () => now });
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => `${name}@example.com`);
  await mail(to(...five));
  now += 4_900;
  await expect(mail(to('a@example.com'))).rejects.toBeInstanceOf(TooManyRequestsException);
  now += 200;
  await mail(to('a@example.com'));
});

test('the daily quota is kept over a restart', async () => {
  let now = 1_000_000;
  const dataDir = temporaryFolder();
  const first = await start({ sandbox: true, now: () => now, dataDir });
  const fifty = Array.from({ length: 50 }, (_, index) => `a${index}@example.com`);
  for (const _ of [1, 2, 3, 4]) {
    now += 60_000;
    await first.mail(to(...fifty));
  }
  const { mail, client } = await start({ sandbox: true, now: () => (now += 60_000), dataDir });
  await expect(mail(to('a@example.com'))).rejects.toThrow('Daily message quota exceeded.');
  const { SendQuota } = await client.send(new GetAccountCommand({}));
  expect(SendQuota).toEqual({ Max24HourSend: 200, MaxSendRate: 1, SentLast24Hours: 200 });
  now += 86_400_000;
  await mail(to('a@example.com'));
});
