import { FailureError } from '../failures/failure.ts';
import type { FailedEffect } from '../ports/set-aside-store.ts';
import { parseRecord } from '../stored/record.ts';
import { afterFailure, isDue, isFull, isGivenUp, settled } from './outbox.ts';
import type { RouterPorts, Summary } from './ports.ts';
import type { SubjectItem, WaitingEffect } from './subject-item.ts';

/** So many effects in a row that fail by themselves are an outage. The rest waits. */
const MAX_FAILURES = 3;

type Ports<Effect extends { readonly id: string }> = Pick<
  RouterPorts<never, never, Effect>,
  'setAside' | 'clock' | 'report'
> & { readonly app: Pick<RouterPorts<never, never, Effect>['app'], 'perform' | 'effect'> };

/**
 * Performs the effects of an item that are due, in order. Returns the item without those that were performed or set aside,
 * or null if nothing changed. An effect that fails stays, and never keeps the others from being performed.
 */
export async function performOutbox<Effect extends { readonly id: string }>(
  ports: Ports<Effect>,
  subject: string,
  item: SubjectItem,
  summary: Summary,
): Promise<SubjectItem | null> {
  const due = item.outbox.filter((waiting) => isDue(waiting, ports.clock.now()));
  if (due.length === 0) return null;
  const { done, failed } = await performAll(ports, subject, due);
  const givenUp = failed.filter(({ waiting, forGood }) => forGood || isGivenUp(waiting, isFull(item)));
  await setAside(ports, subject, givenUp);
  summary.effects += done.length;
  summary.effectsFailed += failed.length;
  summary.effectsSetAside += givenUp.length;
  if (done.length === 0 && failed.length === 0) return null;
  const gone = new Set([...done, ...givenUp.map(({ waiting }) => waiting.id)]);
  return settled(item, gone, new Map(failed.map(({ waiting }) => [waiting.id, waiting])));
}

interface Failed {
  /** As it stands after the failure. */
  readonly waiting: WaitingEffect;
  readonly error: unknown;
  /** It can never be performed. */
  readonly forGood: boolean;
}

/** All at once, which is the rule. If that fails, each by itself, to find the ones that do. */
async function performAll<Effect extends { readonly id: string }>(
  ports: Ports<Effect>,
  subject: string,
  due: readonly WaitingEffect[],
): Promise<{ readonly done: readonly string[]; readonly failed: readonly Failed[] }> {
  if (due.length > 1 && (await performs(ports, subject, due))) return { done: due.map(({ id }) => id), failed: [] };
  const done: string[] = [];
  const failed: Failed[] = [];
  let inARow = 0;
  for (const waiting of due) {
    if (inARow === MAX_FAILURES) break;
    const error = await errorOf(ports, subject, [waiting]);
    if (error === null) done.push(waiting.id);
    else {
      ports.report({ type: 'effect.failed', subject, effect: waiting.id, error: error.cause });
      failed.push({ waiting: afterFailure(waiting, ports.clock.now()), error: error.cause, forGood: error.forGood });
    }
    inARow = error === null || error.forGood ? 0 : inARow + 1;
  }
  return { done, failed };
}

const performs = async <Effect extends { readonly id: string }>(
  ports: Ports<Effect>,
  subject: string,
  due: readonly WaitingEffect[],
): Promise<boolean> => (await errorOf(ports, subject, due)) === null;

async function errorOf<Effect extends { readonly id: string }>(
  { app }: Ports<Effect>,
  subject: string,
  due: readonly WaitingEffect[],
): Promise<{ readonly cause: unknown; readonly forGood: boolean } | null> {
  try {
    const effects = due.map(({ id, effect }) => parseRecord(app.effect, effect, `The effect ${id} of ${subject}`));
    await app.perform(subject, effects);
    return null;
  } catch (cause) {
    return { cause, forGood: cause instanceof FailureError && cause.failure.kind === 'permanent' };
  }
}

async function setAside(
  { setAside: store, report }: Pick<RouterPorts<never, never, never>, 'setAside' | 'report'>,
  subject: string,
  givenUp: readonly Failed[],
): Promise<void> {
  if (givenUp.length === 0) return;
  await store.putEffects(
    givenUp.map(({ waiting, error }): FailedEffect => ({ subject, effect: waiting, error: String(error) })),
  );
  for (const { waiting } of givenUp) report({ type: 'effect.set-aside', subject, effect: waiting.id });
}
