import { OutOfTimeError, within } from '../concurrency/within.ts';
import { FailureError } from '../failures/failure.ts';
import type { FailedEffect } from '../ports/set-aside-store.ts';
import { parseRecord } from '../stored/record.ts';
import { afterFailure, isDue, isGivenUp, settled } from './outbox.ts';
import type { RouterPorts, Summary } from './ports.ts';
import type { SubjectItem, WaitingEffect } from './subject-item.ts';

/** So many effects in a row that fail by themselves are an outage. The rest waits. */
const MAX_FAILURES = 3;

/** For all effects of a subject, in milliseconds: a call that stalls must not block the shard until the time limit. */
export const PERFORM_MS = 20_000;

type Ports<Effect extends { readonly id: string }> = Pick<
  RouterPorts<never, never, Effect>,
  'setAside' | 'clock' | 'report'
> & { readonly app: Pick<RouterPorts<never, never, Effect>['app'], 'perform' | 'effect'> };

/**
 * Performs the effects of an item that are due. Returns the item without those that were performed or set aside, or null if
 * nothing changed. An effect that fails or stalls stays, and does not keep the others from being performed.
 * @param isFull whether events wait for room: if nothing is due, one effect tells whether an outage is over, and all are due
 */
export async function performOutbox<Effect extends { readonly id: string }>(
  ports: Ports<Effect>,
  subject: string,
  item: SubjectItem,
  summary: Summary,
  isFull = false,
): Promise<SubjectItem | null> {
  const due = item.outbox.filter((waiting) => isDue(waiting, ports.clock.now()));
  if (due.length === 0 && !isFull) return null;
  const performance = new Performance(ports, subject);
  const { done, failed } = await (due.length === 0 ? performance.probe(item.outbox) : performance.performAll(due));
  const givenUp = failed.filter(({ waiting, forGood }) => forGood || isGivenUp(waiting));
  const gone = (await isSetAside(ports, subject, givenUp)) ? givenUp : [];
  summary.effects += done.length;
  summary.effectsFailed += failed.length;
  summary.effectsSetAside += gone.length;
  if (done.length === 0 && failed.length === 0) return null;
  const ids = new Set([...done, ...gone.map(({ waiting }) => waiting.id)]);
  return settled(item, ids, new Map(failed.map(({ waiting }) => [waiting.id, waiting])));
}

interface Failed {
  /** As it stands after the failure. */
  readonly waiting: WaitingEffect;
  readonly error: unknown;
  /** It can never be performed. */
  readonly forGood: boolean;
}

interface Attempted {
  /** Ids of effects. */
  readonly done: readonly string[];
  readonly failed: readonly Failed[];
}

interface Problem {
  readonly cause: unknown;
  readonly forGood: boolean;
}

/** One attempt to perform what is due of a subject, within `PERFORM_MS`. */
class Performance<Effect extends { readonly id: string }> {
  readonly #ports: Ports<Effect>;
  readonly #subject: string;
  readonly #endsAt: number;
  readonly #done: string[] = [];
  readonly #failed: Failed[] = [];

  constructor(ports: Ports<Effect>, subject: string) {
    this.#ports = ports;
    this.#subject = subject;
    this.#endsAt = ports.clock.elapsed() + PERFORM_MS;
  }

  /** All at once, which is the rule. Those that failed before are tried by themselves, and all others if they fail together. */
  async performAll(due: readonly WaitingEffect[]): Promise<Attempted> {
    const fresh = due.filter(({ attempts }) => attempts === 0);
    const alone = due.filter(({ attempts }) => attempts > 0);
    if (fresh.length > 1) {
      const problem = await this.#problemOf(fresh);
      if (problem === null) this.#done.push(...fresh.map(({ id }) => id));
      else if (problem.cause instanceof OutOfTimeError) for (const each of fresh) this.#fails(each, problem);
      else alone.unshift(...fresh);
    } else alone.unshift(...fresh);
    await this.#performEach(alone);
    return { done: this.#done, failed: this.#failed };
  }

  /** The one that failed least, and the others if it succeeds. A failure is not counted: it was not its turn. */
  async probe(waiting: readonly WaitingEffect[]): Promise<Attempted> {
    const [first, ...others] = waiting.toSorted((one, other) => one.attempts - other.attempts);
    if (first === undefined || (await this.#problemOf([first])) !== null) return { done: [], failed: [] };
    this.#done.push(first.id);
    return this.performAll(others);
  }

  /** First those that have been due longest: one that stalls again uses up the time, and those after it come before it then. */
  async #performEach(due: readonly WaitingEffect[]): Promise<void> {
    let inARow = 0;
    for (const waiting of due.toSorted((one, other) => (one.notBefore ?? 0) - (other.notBefore ?? 0))) {
      if (inARow === MAX_FAILURES || this.#ports.clock.elapsed() >= this.#endsAt) return;
      const problem = await this.#problemOf([waiting]);
      if (problem === null) this.#done.push(waiting.id);
      else this.#fails(waiting, problem);
      inARow = problem === null || problem.forGood ? 0 : inARow + 1;
    }
  }

  #fails(waiting: WaitingEffect, { cause, forGood }: Problem): void {
    const { report, clock } = this.#ports;
    report({ type: 'effect.failed', subject: this.#subject, effect: waiting.id, error: cause });
    this.#failed.push({ waiting: afterFailure(waiting, clock.now()), error: cause, forGood });
  }

  async #problemOf(due: readonly WaitingEffect[]): Promise<Problem | null> {
    const { app, clock } = this.#ports;
    const subject = this.#subject;
    try {
      const effects = due.map(({ id, effect }) => parseRecord(app.effect, effect, `The effect ${id} of ${subject}`));
      const left = this.#endsAt - clock.elapsed();
      await within(clock, left, `Performing effects of ${subject}`, () => app.perform(subject, effects));
      return null;
    } catch (cause) {
      return { cause, forGood: cause instanceof FailureError && cause.failure.kind === 'permanent' };
    }
  }
}

/** Whether they are in the bucket. If it does not take them, they stay in the outbox, and are tried again later. */
async function isSetAside(
  { setAside: store, report }: Pick<RouterPorts<never, never, never>, 'setAside' | 'report'>,
  subject: string,
  givenUp: readonly Failed[],
): Promise<boolean> {
  if (givenUp.length === 0) return true;
  try {
    await store.putEffects(
      givenUp.map(({ waiting, error }): FailedEffect => ({ subject, effect: waiting, error: String(error) })),
    );
  } catch (error) {
    report({ type: 'set-aside.failed', error });
    return false;
  }
  for (const { waiting } of givenUp) report({ type: 'effect.set-aside', subject, effect: waiting.id });
  return true;
}
