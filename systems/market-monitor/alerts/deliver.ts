import type { DeliveryResult } from '#core/ports/webhook.ts';
import type { Clock } from '#core/ports/clock.ts';
import { episodeOf, type Alert, type Notification } from './alert.ts';
import { deliveryWaitMs, type DeliveryMessage } from './delivery.ts';
import type { AlertPorts } from './ports.ts';
import type { Recipient } from './recipient.ts';
import type { SendRecord, SendStore } from './send-record.ts';

/** Sends a notification to a recipient, once. Throws only for errors on our side, such as a secret that is missing. */
export type Send = (recipient: Recipient, alert: Alert, notification: Notification) => Promise<DeliveryResult>;

export interface DeliverPorts extends Pick<AlertPorts, 'policyOf'> {
  readonly alerts: Pick<AlertPorts['alerts'], 'get'>;
  readonly sends: SendStore;
  readonly send: Send;
  readonly clock: Pick<Clock, 'now'>;
  /** Uniform in [0, 1). */
  random(): number;
}

/** What became of a delivery. */
export type Delivered =
  /** It arrived, its receiver wants no more (410), or it was delivered before. */
  | { readonly kind: 'sent' | 'gone' | 'sent-before' }
  /** Its alert, recipient or portfolio does not exist any more, or the alert was resolved before it could arrive. */
  | { readonly kind: 'dropped'; readonly reason: string }
  | { readonly kind: 'retry'; readonly waitMs: number; readonly reason: string };

/** A sender that began less than this ago may still be at work. */
const PATIENCE_MS = 15_000;

/**
 * Delivers one notification to one recipient. The intent is written first, so of two deliveries at once one sends. After a
 * crash between sending and writing it is sent again with the same id.
 * @param attempt receives of the message, this one included
 */
export async function deliver(ports: DeliverPorts, message: DeliveryMessage, attempt: number): Promise<Delivered> {
  const found = await find(ports, message);
  if ('kind' in found) return found;
  const { alert, notification, recipient } = found;
  const intent = await claim(ports, message);
  if ('kind' in intent) return intent;
  const result = await ports.send(recipient, alert, notification).catch((error: unknown) => failedHere(error));
  const outcome = outcomeOf(result, attempt, ports.random());
  const state = outcome.kind === 'retry' ? 'waiting' : outcome.kind;
  const reason = outcome.kind === 'retry' ? { reason: outcome.reason } : {};
  await ports.sends.write({ ...intent, ...reason, version: intent.version + 1, state, at: ports.clock.now() });
  return outcome;
}

type Dropped = Extract<Delivered, { kind: 'dropped' }>;
interface Found {
  readonly alert: Alert;
  readonly notification: Notification;
  readonly recipient: Recipient;
}

async function find(ports: DeliverPorts, message: DeliveryMessage): Promise<Found | Dropped> {
  const alert = await ports.alerts.get(message.alert);
  const notification = alert?.notifications.find(({ id }) => id === message.notification);
  if (!alert || !notification) return { kind: 'dropped', reason: 'The notification is no longer kept.' };
  const policy = await ports.policyOf(alert.portfolio);
  const recipient = policy?.recipients.find(({ name }) => name === message.recipient);
  if (!recipient) return { kind: 'dropped', reason: 'The portfolio no longer has the recipient.' };
  return isOvertaken(alert, notification, recipient)
    ? { kind: 'dropped', reason: 'The alert was resolved, or became worse, before this could be delivered.' }
    : { alert, notification, recipient };
}

/** PagerDuty would open an incident again that its resolution, or the page of a louder step, has closed. */
const isOvertaken = (alert: Alert, notification: Notification, { kind }: Recipient): boolean =>
  kind === 'pagerduty' &&
  notification.why !== 'resolved' &&
  (alert.state === 'resolved' ||
    episodeOf(notification) < alert.episode ||
    (notification.page ?? 0) < (alert.page ?? 0));

/** Takes the right to send: a record with state `sending`. */
async function claim(ports: DeliverPorts, message: DeliveryMessage): Promise<SendRecord | Delivered> {
  const { alert, notification, recipient } = message;
  const now = ports.clock.now();
  const first: SendRecord = { version: 1, alert, notification, recipient, state: 'sending', attempts: 1, at: now };
  if ((await ports.sends.write(first)) === 'written') return first;
  const before = await ports.sends.get(message);
  if (before === null) return atWork(1_000);
  if (before.state === 'sent' || before.state === 'gone') return { kind: 'sent-before' };
  if (before.state === 'sending' && now < before.at + PATIENCE_MS) return atWork(before.at + PATIENCE_MS - now);
  const next: SendRecord = {
    ...before,
    version: before.version + 1,
    state: 'sending',
    attempts: before.attempts + 1,
    at: now,
  };
  return (await ports.sends.write(next)) === 'written' ? next : atWork(1_000);
}

const atWork = (waitMs: number): Delivered => ({
  kind: 'retry',
  waitMs,
  reason: 'Another sender is at work on it.',
});

const failedHere = (error: unknown): DeliveryResult => ({
  kind: 'failed',
  failure: 'unreachable',
  reason: error instanceof Error ? error.message : 'It could not be sent.',
});

type Outcome = Extract<Delivered, { kind: 'retry' }> | { readonly kind: 'sent' | 'gone' };

function outcomeOf(result: DeliveryResult, attempt: number, random: number): Outcome {
  if (result.kind === 'failed') {
    return { kind: 'retry', waitMs: deliveryWaitMs(attempt, random), reason: result.reason };
  }
  if (result.status >= 200 && result.status < 300) return { kind: 'sent' };
  if (result.status === 410) return { kind: 'gone' };
  const { status, retryAfterMs, excerpt } = result;
  const reason = `The receiver answered ${status}${excerpt === undefined ? '' : `: ${excerpt}`}.`;
  return { kind: 'retry', waitMs: deliveryWaitMs(attempt, random, retryAfterMs), reason };
}
