import { inParallel } from '../concurrency/in-parallel.ts';
import { whileTime } from '../concurrency/while-time.ts';
import { CachedSubjects } from './cached-subjects.ts';
import { newSummary, type RouterPorts, type Summary } from './ports.ts';
import { SubjectRouter } from './route-subject.ts';

/** Effects that wait longer than this make an alarm ring. */
export const OVERDUE_MS = 5 * 60_000;

export interface Swept extends Pick<Summary, 'effects' | 'effectsFailed' | 'effectsSetAside'> {
  readonly subjects: number;
  /** Effects that were decided five minutes ago or earlier and still wait. */
  readonly overdue: number;
  /** Subjects that could not be read. */
  readonly failed: number;
}

/**
 * Performs the effects that a router left behind, when it died or they failed, and no further event of their subject came.
 * Two sweeps at once do no harm.
 * @param timeLeft whether there is time for another subject; the rest waits for the next sweep
 */
export async function sweepStream<State, Context, Effect extends { readonly id: string }>(
  ports: RouterPorts<State, Context, Effect>,
  timeLeft: () => boolean,
): Promise<Swept> {
  const { subjects, clock } = ports;
  const summary = newSummary();
  const cache = new CachedSubjects(subjects, ports.app);
  const router = new SubjectRouter(ports, cache, summary);
  const counts = await inParallel(whileTime(subjects.waiting(clock.now()), timeLeft), async (subject) => {
    try {
      const known = await cache.read(subject);
      // Reading may have taken what an effect that stalls would need.
      if (timeLeft()) await router.perform(subject, known);
      const { item } = cache.cached(subject) ?? (await cache.read(subject));
      return item.outbox.filter(({ since }) => since <= clock.now() - OVERDUE_MS).length;
    } catch (error) {
      ports.report({ type: 'subject.failed', subject, error });
      return null;
    }
  });
  const { effects, effectsFailed, effectsSetAside } = summary;
  const overdue = counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
  const failed = counts.filter((count) => count === null).length;
  return { subjects: counts.length, overdue, failed, effects, effectsFailed, effectsSetAside };
}
