import { Construct } from 'constructs';
import { type AgentPool, FleetFunction, NamedSecret, type Platform, sending } from '#lib/index.ts';
import type { ReceiveMessageEnv } from '../functions/receive-message/env.ts';

export interface MessageIntakeProps {
  readonly platform: Platform;
  readonly pool: AgentPool;
  /** Owns the messages' tasks and escalations. */
  readonly tenant: string;
}

/** API Gateway waits 29 seconds for a response. */
const TIME_LIMIT = 29;

/** The shop's webhook, `POST /support/messages`: accepts messages that are signed with its own secret as tasks. */
export class MessageIntake extends Construct {
  readonly secret: NamedSecret;
  readonly receiver: FleetFunction<ReceiveMessageEnv>;

  constructor(scope: Construct, id: string, { platform, pool, tenant }: MessageIntakeProps) {
    super(scope, id);
    this.secret = new NamedSecret(this, 'Secret', {
      name: 'support-webhook',
      description: 'Signs the shop’s messages: the part after whsec_, base64',
      // Letters and digits are valid base64 when their number is divisible by four.
      made: { passwordLength: 32, excludePunctuation: true },
      unrotated: 'The shop has the same secret, so people must change both together.',
    });
    this.receiver = new FleetFunction<ReceiveMessageEnv>(this, 'Receiver', {
      entry: 'systems/support/functions/receive-message/handler.ts',
      service: 'support-messages',
      description: 'Accepts signed customer messages as tasks',
      timeLimit: TIME_LIMIT,
      environment: {
        STATE_TABLE: platform.state.submitting(),
        QUEUE_URL: sending(pool.default),
        WEBHOOK_SECRET: this.secret.reading(),
        TENANT: tenant,
      },
    });
    platform.routes.push({
      route: 'POST /support/messages',
      fn: this.receiver,
      trusts: 'The shop signs its messages (Standard Webhooks); the function rejects all others.',
    });
  }
}
