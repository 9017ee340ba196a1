import { createServer } from 'node:http';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { createSns } from '@agent-fleet/local-cloud/testing/services';
import { serve, temporaryFolder } from '@agent-fleet/local-cloud/testing/serve';
import { expect, it, onTestFinished } from 'vitest';
import { snsMailer } from '#adapters/sns/mailer.ts';
import type { Letter } from '#core/ports/mailer.ts';

const letter: Letter = {
  about: 'research#run-1',
  from: 'topic',
  to: 'topic',
  subject: `Competitor brief – ${'a long subject '.repeat(10)}`,
  text: 'Acme cut its prices: “now” €5.',
};

it('sends the text to those who subscribed to the topic, with a subject that SNS takes', async () => {
  const mailDir = temporaryFolder();
  const served = await serve(() =>
    createSns({ mailDir, account: '000000000000', region: 'us-east-1', call: () => Promise.resolve({}) }),
  );
  onTestFinished(() => served.close());
  const client = new SNSClient(served.client);
  onTestFinished(() => client.destroy());
  const { TopicArn = '' } = await client.send(new CreateTopicCommand({ Name: 'briefs' }));
  await client.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ada@example.org' }));
  const mailer = snsMailer({ topicArn: TopicArn, client });
  expect(await mailer.send(letter)).toEqual({ kind: 'accepted', messageId: expect.any(String) as string });
  const [mail = ''] = readdirSync(mailDir).map((name) => readFileSync(join(mailDir, name), 'utf8'));
  expect(mail).toMatch(/^To: ada@example.org/m);
  expect(mail).toMatch(/^Subject: Competitor brief \? a long/m);
  // A topic that is not there may be there after the next deploy.
  expect(await snsMailer({ topicArn: `${TopicArn}-gone`, client }).send(letter)).toMatchObject({ kind: 'not-sent' });
});

it.each([
  [400, 'InvalidParameter', 'rejected'],
  [429, 'Throttled', 'not-sent'],
  [503, 'InternalError', 'unknown'],
  [0, '', 'unknown'],
])('an answer with the status %i, %s, is %s', async (status, code, kind) => {
  const server = createServer((request, response) => {
    request.resume().on('end', () => {
      if (status === 0) response.destroy();
      else
        response
          .writeHead(status, { 'content-type': 'text/xml' })
          .end(
            `<ErrorResponse><Error><Type>Sender</Type><Code>${code}</Code><Message>no</Message></Error></ErrorResponse>`,
          );
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = new SNSClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  expect(await snsMailer({ topicArn: 'arn:aws:sns:us-east-1:123456789012:briefs', client }).send(letter)).toMatchObject(
    {
      kind,
    },
  );
});
