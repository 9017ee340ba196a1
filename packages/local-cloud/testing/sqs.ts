import { ReceiveMessageCommand, SendMessageCommand, SQSClient, CreateQueueCommand } from '@aws-sdk/client-sqs';
import type { Message, ReceiveMessageCommandInput, SendMessageCommandInput } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { createSqs } from '../src/services/sqs/service.ts';
import type { SqsOptions, SqsService } from '../src/services/sqs/service.ts';
import { judge, notOurs } from './judge.ts';
import { serve } from './serve.ts';

/** A clock that moves only when the test advances it. */
export interface Clock {
  time: number;
  advance(seconds: number): void;
}

export function clock(): Clock {
  return {
    time: Date.UTC(2026, 0, 1),
    advance(seconds) {
      this.time += seconds * 1000;
    },
  };
}

export interface Sqs {
  readonly client: SQSClient;
  readonly service: SqsService;
  queue(name: string, attributes?: Record<string, string>): Promise<string>;
  send(url: string, body: string, more?: Partial<SendMessageCommandInput>): Promise<string>;
  receive(url: string, more?: Partial<ReceiveMessageCommandInput>): Promise<Message[]>;
  close(): Promise<void>;
}

/** Starts an SQS on a free port, with a client. Closes it when the test ends. */
export async function startSqs(options: Partial<SqsOptions> = {}): Promise<Sqs> {
  const create = (baseUrl: () => string) =>
    createSqs({ account: '000000000000', region: 'us-east-1', ...options, baseUrl });
  const other = await judge(options);
  const served = other
    ? { ...other, service: notOurs<SqsService>(), close: async () => undefined }
    : await serve(create);
  const client = new SQSClient(served.client);
  let closed: Promise<void> | undefined;
  const close = () => (closed ??= served.close());
  onTestFinished(close);
  return {
    client,
    service: served.service,
    close,
    async queue(QueueName, Attributes) {
      const answer = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
      return answer.QueueUrl ?? '';
    },
    async send(QueueUrl, MessageBody, more) {
      const answer = await client.send(new SendMessageCommand({ QueueUrl, MessageBody, ...more }));
      return answer.MessageId ?? '';
    },
    async receive(QueueUrl, more) {
      const answer = await client.send(new ReceiveMessageCommand({ QueueUrl, ...more }));
      return answer.Messages ?? [];
    },
  };
}
