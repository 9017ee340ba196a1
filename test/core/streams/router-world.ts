import { Router } from '#core/streams/route.ts';
import { sweepStream } from '#core/streams/sweep.ts';
import { manualClock } from '../../support/fakes/manual-clock.ts';
import { inMemorySetAside, inMemorySubjects } from '../../support/fakes/in-memory-subjects.ts';
import { MEMORY_MS, tally, T0 } from './support.ts';

interface Sent {
  readonly subject?: string;
  readonly sequence?: number;
  readonly id?: string;
  readonly amount?: number;
  readonly text?: string;
  readonly effects?: number;
  readonly source?: string;
  /** When it happened. @default by its number */
  readonly atMs?: number;
}

export function recordOf(
  {
    subject = 's-1',
    sequence,
    id = `e-${sequence}`,
    amount = 1,
    text,
    effects,
    source = 'bars',
    atMs = T0 + (sequence ?? 0) * 1_000,
  }: Sent,
  index: number,
) {
  const event = {
    specversion: '1.0',
    id,
    source,
    type: 'tally.amount.v1',
    subject,
    time: new Date(atMs).toISOString(),
    ...(sequence !== undefined && { sequence: String(sequence) }),
    data: { amount, ...(effects !== undefined && { effects }) },
  };
  const bytes = Buffer.from(text ?? JSON.stringify(event));
  return { stream: 'numbers', partition: 'shard-0', position: String(index), key: subject, bytes, arrivedAt: T0 };
}

/** A router in memory, whose effects fail or stall as a test says. */
export function world() {
  const subjects = inMemorySubjects();
  const setAside = inMemorySetAside();
  const performed: string[] = [];
  const broken = new Map<string, Error>();
  const reports: string[] = [];
  /** Effects of which performing never ends. */
  const stalled = new Set<string>();
  const handled: string[] = [];
  const rejectedAt: number[] = [];
  let stalls = (): void => undefined;
  const clock = manualClock(T0);
  const ports = {
    app: {
      ...tally,
      async perform(_subject: string, effects: readonly { readonly id: string }[]) {
        for (const { id } of effects) {
          if (stalled.has(id)) {
            stalls();
            await new Promise(() => undefined);
          }
          const error = broken.get(id) ?? broken.get('all');
          if (error) throw error;
          performed.push(id);
        }
      },
      isFirst: (subject: string) => subject === 's-9',
      handled: (events: readonly { readonly id: string }[]) => void handled.push(...events.map(({ id }) => id)),
      rejected: (times: readonly number[]) => void rejectedAt.push(...times),
    },
    subjects: subjects.store,
    setAside: setAside.store,
    clock,
    report: ({ type }: { readonly type: string }) => void reports.push(type),
    memoryMs: MEMORY_MS,
  };
  const newRouter = () => new Router(ports);
  const router = newRouter();
  return {
    subjects,
    setAside,
    performed,
    broken,
    reports,
    newRouter,
    router,
    route: (sent: readonly Sent[], by = router, timeLeftMs = () => 60_000) => by.route(sent.map(recordOf), timeLeftMs),
    sweep: () => sweepStream(ports, () => true),
    wait: (ms: number) => clock.advance(ms),
    stalled,
    handled,
    rejectedAt,
    /** Resolves when performing stalls. */
    stall: () => new Promise<void>((resolve) => (stalls = resolve)),
  };
}

export const positions = (failed: readonly { readonly position: string }[]) => failed.map(({ position }) => position);
