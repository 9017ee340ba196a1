import { Webhook as Signer } from 'standardwebhooks';
import { sendOnce, type MailOutcome, type MailPorts } from '#core/mail/send-once.ts';
import type { DeliveryResult, Webhook } from '#core/ports/webhook.ts';
import type { Clock } from '#core/ports/clock.ts';
import type { SafePost } from '#adapters/webhook/safe-post.ts';
import type { Alert, Notification } from './alert.ts';
import type { Send } from './deliver.ts';
import { alertLetter } from './formats/email.ts';
import { pagerdutyEvents, PAGERDUTY_URL } from './formats/pagerduty.ts';
import { slackMessage } from './formats/slack.ts';
import { webhookEvent } from './formats/webhook.ts';
import type { Recipient } from './recipient.ts';
import { NO_MAIL } from '../portfolios/unmailed.ts';

export interface SendPorts {
  /** Reads a secret by its name. Throws if there is none. */
  secret(name: string): Promise<string>;
  readonly post: SafePost;
  /** Signs with the fleet's own secret for callbacks. */
  readonly callbacks: Webhook;
  /** Undefined: the fleet sends no mail. */
  readonly mail: (MailPorts & { readonly from: string }) | undefined;
  readonly clock: Pick<Clock, 'now'>;
  /** @default PagerDuty's own */
  readonly pagerdutyUrl?: string | undefined;
  /** Whose secret signs callbacks. */
  readonly tenant: string;
}

/** Sends notifications in the format of each kind of recipient. Secrets are read here, and are nowhere else. */
export const sender =
  (ports: SendPorts): Send =>
  (recipient, alert, notification) =>
    sendTo(ports, recipient, alert, notification);

async function sendTo(
  ports: SendPorts,
  recipient: Recipient,
  alert: Alert,
  notification: Notification,
): Promise<DeliveryResult> {
  switch (recipient.kind) {
    case 'pagerduty': {
      const key = (await ports.secret(recipient.routingKeySecret)).trim();
      return postAll(ports, pagerdutyEvents(alert, notification, key));
    }
    case 'slack': {
      const url = (await ports.secret(recipient.urlSecret)).trim();
      return ports.post(url, JSON_TYPE, json(slackMessage(alert, notification)));
    }
    case 'webhook': {
      const secret = (await ports.secret(recipient.signingSecret)).trim();
      const body = json(webhookEvent(alert, notification));
      return ports.post(recipient.url, signed(secret, notification.id, body, ports.clock.now()), body);
    }
    case 'callback': {
      const body = json(webhookEvent(alert, notification));
      return ports.callbacks.deliver({ id: notification.id, tenant: ports.tenant, url: recipient.url, body });
    }
    case 'email':
      return mail(ports, recipient.to, alert, notification);
  }
}

/** The first event alone, since it pages people, then the others at once. Repeated, each changes nothing more. */
async function postAll({ post, pagerdutyUrl = PAGERDUTY_URL }: SendPorts, [first, ...rest]: readonly object[]) {
  if (first === undefined) throw new Error('A notification has an event.');
  const send = (event: object): Promise<DeliveryResult> => post(pagerdutyUrl, JSON_TYPE, json(event));
  const result = await send(first);
  if (!isTaken(result)) return result;
  const others = await Promise.all(rest.map(send));
  return others.find((each) => !isTaken(each)) ?? result;
}

const isTaken = (result: DeliveryResult): boolean =>
  result.kind === 'answered' && result.status >= 200 && result.status < 300;

const json = (value: object): string => JSON.stringify(value);
const JSON_TYPE = { 'content-type': 'application/json' };

/** The headers of Standard Webhooks. */
function signed(secret: string, id: string, body: string, now: number): Record<string, string> {
  const seconds = Math.floor(now / 1_000);
  return {
    ...JSON_TYPE,
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': new Signer(secret).sign(id, new Date(now), body),
  };
}

async function mail(
  { mail: ports }: SendPorts,
  to: string,
  alert: Alert,
  notification: Notification,
): Promise<DeliveryResult> {
  if (ports === undefined) {
    return failed(NO_MAIL);
  }
  const outcome = await sendOnce(ports, alertLetter(alert, notification, { from: ports.from, to }));
  return resultOf(outcome);
}

/** A mail of which nobody knows is not sent a third time: it counts as sent. */
function resultOf(outcome: MailOutcome): DeliveryResult {
  if (outcome.kind === 'sent' || outcome.kind === 'unknown') return { kind: 'answered', status: 200 };
  if (outcome.kind === 'rejected') return { kind: 'answered', status: 410 };
  return failed(outcome.reason);
}

const failed = (reason: string): DeliveryResult => ({ kind: 'failed', failure: 'unreachable', reason });
