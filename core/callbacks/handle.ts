import type { CallbackStore, ParkedCallback } from '../ports/callback-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ids } from '../ports/ids.ts';
import type { Tracer } from '../ports/tracer.ts';
import type { DeliveryResult, Webhook } from '../ports/webhook.ts';
import { deliverCallback, type CallbackFate } from './deliver.ts';
import type { CallbackMessage } from './event.ts';
import type { Receivers } from './receivers.ts';
import { brokenMs, CALLBACK_ATTEMPTS, leftAloneMs, MAX_HIDDEN_MS, PATIENCE_MS } from './schedule.ts';
import { tracedWebhook } from './traced-webhook.ts';

export interface HandlePorts {
  readonly webhook: Webhook;
  readonly store: Pick<CallbackStore, 'park'>;
  readonly receivers: Receivers;
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Pick<Ids, 'random' | 'digest'>;
  /** @default deliveries are not traced */
  readonly tracer?: Tracer | undefined;
}

/** A message as it was received. */
export interface Received {
  /** How often the queue has delivered it, this time included. */
  readonly receives: number;
  /** When it was sent, by the queue's clock. */
  readonly sentAt: number;
}

/** An error on our side, such as a signing secret that cannot be read. The receiver was not called. */
export interface Broken {
  readonly kind: 'broken';
  readonly error: unknown;
}

/** What became of a callback. */
export interface Handled {
  readonly fate: CallbackFate | { readonly kind: 'left-alone' | 'dead-before' } | Broken;
  readonly attempt: number;
  /** Milliseconds for which the queue hides its message; null to delete it. */
  readonly hideMs: number | null;
}

/**
 * Handles a callback's message: delivers it once, and lets it wait for the next attempt. A short wait is hidden in the
 * queue, a long one parked in the table. A callback that failed its last attempt goes back to the queue until the queue
 * makes it a dead letter. An error on our side spends no attempt. Throws only when the table cannot keep the callback.
 */
export async function handleCallback(ports: HandlePorts, message: CallbackMessage, at: Received): Promise<Handled> {
  const { attempts, leftAlone = 0 } = earlierOf(message, at);
  const attempt = attempts + at.receives;
  if (attempt > CALLBACK_ATTEMPTS) return { fate: { kind: 'dead-before' }, attempt, hideMs: 0 };
  const { tenant, url } = message;
  const now = ports.clock.now();
  if (ports.receivers.isDown(tenant, url, now)) {
    // No attempt was made, so none counts.
    const waits = { attempts: attempt - 1, leftAlone: leftAlone + 1 };
    await park(ports, message, { ...waits, dueAt: now + leftAloneMs(leftAlone, ports.ids.random()) });
    return { fate: { kind: 'left-alone' }, attempt, hideMs: null };
  }
  const webhook = tracedWebhook(ports, message, attempt);
  const fate = await deliverCallback({ webhook, ids: ports.ids }, message, attempt).catch(brokenBy);
  if (fate.kind === 'broken') return waitOut(ports, message, { fate, attempt, leftAlone });
  ports.receivers.note(tenant, url, isSilent(fate.result), ports.clock.now());
  if (fate.kind === 'dead') return { fate, attempt, hideMs: 0 };
  if (fate.kind !== 'retry') return { fate, attempt, hideMs: null };
  if (fate.waitMs <= MAX_HIDDEN_MS) return { fate, attempt, hideMs: fate.waitMs };
  const waits = { attempts: attempt, ...(leftAlone > 0 && { leftAlone }) };
  await park(ports, message, { ...waits, dueAt: ports.clock.now() + fate.waitMs });
  return { fate, attempt, hideMs: null };
}

const brokenBy = (error: unknown): Broken => ({ kind: 'broken', error });

async function waitOut(
  ports: HandlePorts,
  message: CallbackMessage,
  { fate, attempt, leftAlone }: Pick<Handled, 'attempt'> & { readonly fate: Broken; readonly leftAlone: number },
): Promise<Handled> {
  const now = ports.clock.now();
  const isFree = now - Date.parse(message.event.timestamp) < PATIENCE_MS;
  if (!isFree && attempt >= CALLBACK_ATTEMPTS) return { fate, attempt, hideMs: 0 };
  const attempts = isFree ? attempt - 1 : attempt;
  const dueAt = now + brokenMs(ports.ids.random());
  await park(ports, message, { attempts, ...(leftAlone > 0 && { leftAlone }), dueAt });
  return { fate, attempt, hideMs: null };
}

const isSilent = (result: DeliveryResult): boolean => result.kind === 'failed' && result.failure === 'timeout';

/** The queue's clock and ours may differ by this much. */
const CLOCKS_DIFFER_MS = 300_000;

function earlierOf({ earlier }: CallbackMessage, { sentAt }: Received): Omit<Waits, 'dueAt'> {
  if (earlier === undefined || Math.abs(sentAt - earlier.sentAt) > CLOCKS_DIFFER_MS) return { attempts: 0 };
  return earlier;
}

type Waits = Omit<ParkedCallback, 'callback'>;

function park({ store }: HandlePorts, message: CallbackMessage, waits: Waits): Promise<void> {
  const { earlier: _, ...callback } = message;
  return store.park({ callback, ...waits });
}
