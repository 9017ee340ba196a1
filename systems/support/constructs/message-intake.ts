import { Construct } from 'constructs';
import { type AgentPool, FleetFunction, NamedSecret, type Platform, sending } from '#lib/index.ts';
import type { ReceiveMessageEnv } from '../functions/receive-message/env.ts';

export interface MessageIntakeProps {
  readonly platform: Platform;
  readonly pool: AgentPool;
  /** Owns the tasks and escalations that the messages become. */
  readonly tenant: string;
}

/** API Gateway waits 29 seconds for an answer. */
const TIME_LIMIT = 29;

/** The shop's webhook, `POST /support/messages`: messages signed by a secret of its own become tasks. */
export class MessageIntake extends Construct {
  readonly secret: NamedSecret;
  readonly receiver: FleetFunction<ReceiveMessageEnv>;

  constructor(scope: Construct, id: string, { platform, pool, tenant }: MessageIntakeProps) {
    super(scope, id);
    this.secret = new NamedSecret(this, 'Secret', {
      name: 'support-webhook',
      description: 'Signs the shop’s messages: the part after whsec_, base64',
      // Letters and digits, in a number that four divides, are base64.
      made: { passwordLength: 32, excludePunctuation: true },
      unrotated: 'The shop holds the same secret: people change both together.',
    });
    this.receiver = new FleetFunction<ReceiveMessageEnv>(this, 'Receiver', {
      entry: 'systems/support/functions/receive-message/handler.ts',
      service: 'support-messages',
      description: 'Makes signed messages of customers tasks',
      timeLimit: TIME_LIMIT,
      environment: {
        STATE_TABLE: platform.state.items(),
        QUEUE_URL: sending(pool.default),
        WEBHOOK_SECRET: this.secret.reading(),
        TENANT: tenant,
      },
    });
    platform.routes.push({
      route: 'POST /support/messages',
      fn: this.receiver,
      trusts: 'The shop signs its messages (Standard Webhooks); the function looks at no other.',
    });
  }
}
