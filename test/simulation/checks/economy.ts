import type { BatchEntry, BatchResult } from '#core/ports/batch-model.ts';
import type { Usage } from '#core/models/price.ts';
import type { TaskId } from '#core/tasks/task-id.ts';
import type { Task } from '#core/tasks/task.ts';
import type { Actor } from '../world/actor.ts';
import type { GateBooks } from './gate-books.ts';
import { isTerminal, same, worksOnBatches, type History, type TaskWrite } from './history.ts';
import { expectThat } from './violation.ts';

/** What happened to one entry of a batch at the provider: under way, or its result. */
type Fate = 'under-way' | 'missing' | BatchResult['kind'];

/** An entry as the provider has it. */
interface Laid {
  readonly batch: string;
  readonly id: TaskId;
  fate: Fate;
  /** Its failure is one that no further try mends. */
  permanent: boolean;
}

interface Seen {
  readonly histories: ReadonlyMap<TaskId, History>;
  observe(check: () => void): void;
  bill(id: TaskId, bill: { readonly requestId: string; readonly usage: Usage; readonly usd: number }): void;
  failed(id: TaskId, by: Actor): void;
  readonly gate: Pick<GateBooks, 'wasPausedBefore'>;
}

/**
 * E: a call in a batch is a call like any other (I1 to I5), and is made and settled once.
 * - E1 When a batch is made, each of its tasks has the call reserved, under its newest epoch, and lies in a batch.
 * - E2 A call is laid in a second batch only after the first one's result is no answer: no call is paid twice.
 * - E3 A task enters a batch by one write: a new epoch, the reservation under it, nothing else; and not before its time.
 * - E4 It leaves its batch with the answer as its step, or without one to wait again, or it ends.
 * - E5 What it leaves with is what the provider said: an answer counts and is never thrown away; a failure spends an
 *   attempt, and an entry whose turn did not come spends none (I5); it fails only after a permanent failure or the last attempt.
 * - E6 A reservation stays charged exactly where the provider may have billed it.
 * - E7 While its pool is paused no batch is made (I13).
 * What it costs is checked as for any other call (I4): the provider bills an entry when its batch ends.
 */
export class EconomyBooks {
  readonly #seen: Seen;
  readonly #laid = new Map<string, Laid>();
  /** The same, of the batch that a task entered last. */
  readonly #current = new Map<string, Laid>();
  readonly #failuresRead = new Set<string>();

  constructor(seen: Seen) {
    this.#seen = seen;
  }

  /** Whether a task waits for a batch or lies in one. */
  get waiting(): boolean {
    return [...this.#seen.histories.values()].some(({ task }) => isParkedForBatch(task));
  }

  /** A batch was made at the provider. */
  laid(batch: string, entries: readonly BatchEntry[], by: Actor): void {
    const isPaused = this.#seen.gate.wasPausedBefore(by);
    this.#seen.observe(() => expectThat(!isPaused, 'E7', () => `${by.name} makes a batch for a paused pool`));
    for (const { customId } of entries) {
      const history = this.#historyOf(customId);
      const { index, place } = placeOf(customId);
      this.#seen.observe(() => {
        const { task, alias } = history;
        const ended = isTerminal(task.state);
        expectThat(
          ended ||
            (task.batch !== undefined && task.reservation?.step === index && task.reservation.epoch === task.epoch),
          'E1',
          () => `${by.name} makes a batch with the call of ${alias}, which has not reserved it`,
        );
        const last = this.#laid.get(place);
        const open = last && (last.fate === 'under-way' || last.fate === 'succeeded');
        expectThat(!open, 'E2', () => `the call of ${alias} lies in ${last?.batch}, and is laid in ${batch} too`);
      });
      const laid: Laid = { batch, id: history.id, fate: 'under-way', permanent: false };
      this.#laid.set(place, laid);
      this.#current.set(place, laid);
    }
  }

  /** The provider answered an entry. */
  billed(customId: string, bill: { readonly requestId: string; readonly usage: Usage; readonly usd: number }): void {
    this.#seen.bill(this.#historyOf(customId).id, bill);
  }

  /** A batch ended. Null: there is no result of this entry. */
  ended(batch: string, customId: string, result: BatchResult | null): void {
    const laid = this.#laid.get(placeOf(customId).place);
    if (laid?.batch !== batch) return;
    laid.fate = result?.kind ?? 'missing';
    // Nobody knows whether it was billed, so it stays charged.
    if (!result) this.#historyOf(customId).everFailed += 1;
    laid.permanent = result?.kind === 'failed' && result.failure.kind === 'permanent';
  }

  /** Somebody read a result. It is one failure, however often it is read, and in whichever batch it is looked for. */
  read(batch: string, { customId, kind }: BatchResult, by: Actor): void {
    const result = `${batch} ${customId}`;
    if (kind !== 'failed' || this.#failuresRead.has(result)) return;
    this.#failuresRead.add(result);
    this.#seen.failed(this.#historyOf(customId).id, by);
  }

  check(write: TaskWrite): void {
    const { before, after } = write;
    if (!isParkedForBatch(before) || same(before, { ...after, version: before.version })) return;
    if (worksOnBatches(write) || after.batch?.id !== before.batch?.id) this.#checkChange(write);
  }

  #checkChange(write: TaskWrite): void {
    const { before, after, by } = write;
    const place = `${before.id}_${before.steps.length}`;
    if (after.epoch !== before.epoch) {
      this.#current.delete(place);
      return checkEntered(write);
    }
    const laid = this.#current.get(place);
    const fate = before.batch ? (laid?.fate ?? 'never-laid') : 'waits';
    const counts = after.steps.length > before.steps.length;
    const charged = after.spend.lost.tokens - before.spend.lost.tokens;
    expectThat(!counts || fate === 'succeeded', 'E5', () => `its call is ${fate}, and its answer counts`);
    if (isTerminal(after.state)) return this.#checkEnded(write, laid);
    const spent = after.attempts - before.attempts;
    expectThat(
      counts || spent === (fate === 'failed' && before.batch && !after.batch ? 1 : 0),
      'E5',
      () => `its call is ${fate}, and ${spent} attempts were spent`,
    );
    if (!before.batch || after.batch) return;
    expectThat(
      after.reservation === null && (counts ? after.state.status === 'queued' : isParkedForBatch(after)),
      'E4',
      () => `${by.name} takes it out of its batch, and it is ${after.state.status}`,
    );
    expectThat(counts || fate !== 'succeeded', 'E5', () => `${by.name} throws its answer away`);
    const mayBeBilled = fate === 'missing' || fate === 'under-way';
    expectThat(
      charged > 0 === mayBeBilled || counts,
      'E6',
      () => `its call is ${fate}, and ${charged} tokens of it stay charged`,
    );
  }

  #checkEnded({ before, after, by }: TaskWrite, laid: Laid | undefined): void {
    if (by.role !== 'settler' || after.state.status !== 'failed') return;
    const hopeless = laid?.fate === 'failed' && (laid.permanent || before.attempts >= 2);
    expectThat(
      hopeless,
      'E5',
      () => `its call is ${laid?.fate} at attempt ${before.attempts + 1}, and it fails for that`,
    );
  }

  #historyOf(customId: string): History {
    const history = this.#seen.histories.get(placeOf(customId).id);
    if (!history) throw new Error(`The custom id ${customId} names no task.`);
    return history;
  }
}

/** The call that a custom id names: `<task>_<step>`, and what tells its entries apart. */
function placeOf(customId: string): { readonly id: TaskId; readonly index: number; readonly place: string } {
  const [id = '', index = ''] = customId.split('_');
  return { id: id as TaskId, index: Number(index), place: `${id}_${index}` };
}

const isParkedForBatch = ({ state }: Task): boolean => state.status === 'parked' && state.cause === 'batch';

function checkEntered({ before, after, by }: TaskWrite): void {
  const early = before.state.status === 'parked' ? before.state.until - by.latest : 0;
  expectThat(early <= 0, 'E3', () => `${by.name} lays it in a batch ${early} ms before its time`);
  const { reservation, batch } = after;
  expectThat(
    by.role === 'collector' && before.batch === undefined && before.reservation === null && batch !== undefined,
    'E3',
    () => `${by.name} claims a task that waits for a batch`,
  );
  expectThat(
    after.epoch === before.epoch + 1 &&
      reservation?.epoch === after.epoch &&
      reservation.step === before.steps.length &&
      isParkedForBatch(after) &&
      same([before.steps, before.spend, before.attempts], [after.steps, after.spend, after.attempts]),
    'E3',
    () => `${by.name} lays it in a batch, and changes more than that`,
  );
}
