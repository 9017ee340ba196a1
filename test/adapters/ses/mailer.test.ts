import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { createSes } from '@agent-fleet/local-cloud/testing/services';
import { serve, temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, it, onTestFinished } from 'vitest';
import { sesMailer } from '#adapters/ses/mailer.ts';
import type { Letter } from '#core/ports/mailer.ts';

const letter: Letter = {
  about: 'research#run-1',
  runId: 'run-1',
  from: 'Brief <brief@example.com>',
  to: 'ada@example.org',
  subject: 'Three threats',
  text: 'Acme cut its prices.',
  html: '<p>Acme cut its prices.</p>',
  attachments: [{ name: 'brief.json', type: 'application/json', content: Buffer.from('{}') }],
};

/** The local SES behind a proxy, which may answer with another status once SES has answered; 0 breaks the connection. */
async function start({ instead, now }: { readonly instead?: number; readonly now?: () => number } = {}) {
  const mailDir = temporaryFolder();
  const served = await serve(() => createSes({ region: 'us-east-1', mailDir, now }));
  onTestFinished(() => served.close());
  await new SESv2Client(served.client).send(new CreateEmailIdentityCommand({ EmailIdentity: 'example.com' }));
  const proxy = createServer((request, response) => {
    void buffer(request).then(async (body) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`${served.url}${request.url}`, { method: 'POST', headers, body });
      if (instead === 0) response.destroy();
      else
        response
          .writeHead(instead ?? answer.status, { 'x-amzn-errortype': answer.headers.get('x-amzn-errortype') ?? '' })
          .end(await answer.text());
    });
  });
  await once(proxy.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void proxy.close());
  const endpoint = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const client = new SESv2Client({ ...served.client, endpoint });
  onTestFinished(() => client.destroy());
  const mails = () => readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8'));
  return { mailer: sesMailer({ client }), mails };
}

it('sends both bodies and the attachments, with a reference that both of two mails would have', async () => {
  const { mailer, mails } = await start();
  expect(await mailer.send(letter)).toEqual({ kind: 'accepted', messageId: expect.any(String) as string });
  const [mail = ''] = mails();
  for (const part of [
    'Acme cut its prices.',
    '<p>Acme',
    'filename=brief.json',
    'To: ada@example.org',
    'Subject: Three threats',
    'X-Fleet-Run: run-1',
  ])
    expect(mail).toContain(part);
  expect(mail).toContain('References: <research%23run-1@example.com>');
});

it.each([
  ['a recipient that is none', { to: 'nobody' }, 'rejected'],
  // It may be verified later.
  ['a sender that is not verified', { from: 'brief@example.net' }, 'not-sent'],
])('%s', async (_what, change, kind) => {
  const { mailer, mails } = await start();
  expect(await mailer.send({ ...letter, ...change })).toMatchObject({ kind });
  expect(mails()).toEqual([]);
});

it('beyond 14 in a second nothing is sent', async () => {
  const { mailer, mails } = await start({ now: () => 1_000_000 });
  const results = await Promise.all(Array.from({ length: 16 }, () => mailer.send(letter)));
  expect(results.filter(({ kind }) => kind === 'not-sent')).toHaveLength(2);
  expect(mails()).toHaveLength(14);
});

// The mail was sent each time, and only once: the client does not repeat the request.
it.each([0, 500, 503])('an answer that is lost (%i) is unknown', async (instead) => {
  const { mailer, mails } = await start({ instead });
  expect(await mailer.send(letter)).toMatchObject({ kind: 'unknown' });
  expect(mails()).toHaveLength(1);
});

it('no connection: nothing was sent', async () => {
  const client = new SESv2Client({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', credentials, maxAttempts: 1 });
  expect(await sesMailer({ client }).send(letter)).toEqual({
    kind: 'not-sent',
    reason: 'Amazon SES could not be reached (ECONNREFUSED).',
  });
});

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
