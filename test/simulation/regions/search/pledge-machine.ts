import type { Pledge, PledgeRequest, PledgeValue } from '#core/regions/pledge.ts';
import type { RegionsCore } from '../core.ts';
import type { Machine } from './breadth-first.ts';

/** One unit is all that the task may spend. Each writer wants to spend one. */
const BUDGET = 1;

type Stage = 'begins' | 'bars' | 'may spend' | 'ends' | 'done';

interface Writer {
  readonly epoch: number;
  readonly stage: Stage;
  /** What the tables granted to its request under way: what they had stored. */
  readonly granted: readonly (Pledge | null)[];
  /** What it found, or wrote. */
  readonly value: PledgeValue;
  readonly spent: number;
  /** The end that it announced. */
  readonly announced: string | null;
}

interface Sent {
  readonly by: number;
  readonly table: number;
  readonly request: PledgeRequest;
}

interface PledgeState {
  readonly tables: readonly Pledge[];
  readonly writers: readonly Writer[];
  /** Everything that was ever sent. It arrives in any order, any number of times, or never. */
  readonly sent: readonly Sent[];
}

/**
 * One task under several epochs of its home at once. No clock keeps them apart: each writer is in the middle of its work
 * when the next one begins, and may go on at any time. The first epoch needs no bar.
 */
export class PledgeMachine implements Machine<PledgeState> {
  readonly #core: RegionsCore;
  readonly initial: readonly PledgeState[];

  constructor(core: RegionsCore, epochs: readonly number[]) {
    this.#core = core;
    const writers = epochs.map((epoch): Writer => {
      const none = [null, null, null];
      return { epoch, stage: 'begins', granted: none, value: { mayHaveSpent: 0 }, spent: 0, announced: null };
    });
    this.initial = [{ tables: [core.NO_PLEDGE, core.NO_PLEDGE, core.NO_PLEDGE], writers, sent: [] }];
  }

  *next(state: PledgeState): Generator<{ what: string; state: PledgeState }> {
    for (const [index, writer] of state.writers.entries()) {
      const after = this.#goOn(state, index, writer);
      if (after) yield { what: `epoch ${writer.epoch} ${writer.stage}`, state: after };
    }
    for (const sent of state.sent) {
      const what = `${sent.request.kind} of epoch ${sent.request.epoch} at table ${sent.table}`;
      yield { what: `${what}, and its answer`, state: this.#deliver(state, sent, true) };
      yield { what: `${what}, whose answer is lost`, state: this.#deliver(state, sent, false) };
    }
  }

  text({ tables, writers, sent }: PledgeState): string {
    const byTable = tables.map((pledge, table) => {
      const known = writers.map(({ granted }) => granted[table]);
      return JSON.stringify([pledge, known, sent.filter((one) => one.table === table).map((one) => one.request)]);
    });
    const own = writers.map(({ stage, value, spent, announced }) => [stage, value, spent, announced]);
    return `${byTable.sort().join('|')}${JSON.stringify(own)}`;
  }

  problem({ writers }: PledgeState): string | null {
    const ends = new Set(writers.flatMap(({ announced }) => announced ?? []));
    if (ends.size > 1) return `the task ended twice: ${[...ends].join(' and ')}`;
    const spent = writers.reduce((sum, writer) => sum + writer.spent, 0);
    return spent > BUDGET ? `it spent ${spent} of ${BUDGET}` : null;
  }

  features({ writers }: PledgeState): readonly string[] {
    const announced = writers.filter((writer) => writer.announced !== null);
    return [
      ...writers.flatMap(({ epoch, spent }) => (spent > 0 ? [`epoch ${epoch} spends`] : [])),
      ...announced.map(({ epoch, announced: end }) => `epoch ${epoch} announces ${end}`),
    ];
  }

  #goOn(state: PledgeState, index: number, writer: Writer): PledgeState | null {
    const { epoch, stage, granted } = writer;
    const answers = granted.flatMap((pledge) => pledge ?? []);
    if (stage === 'begins') {
      if (index === 0) return this.#write(state, index, writer, 'may spend', { mayHaveSpent: BUDGET });
      return send(state, index, { ...writer, stage: 'bars' }, { kind: 'bar', epoch });
    }
    if (stage === 'done' || answers.length < this.#core.PLEDGE_MAJORITY) return null;
    if (stage === 'bars') {
      const found = this.#core.foundPledge(answers);
      if (found.end !== undefined) return this.#write(state, index, writer, 'ends', found);
      if (found.mayHaveSpent + 1 > BUDGET) return this.#end(state, index, writer, found);
      return this.#write(state, index, writer, 'may spend', { mayHaveSpent: found.mayHaveSpent + 1 });
    }
    if (stage === 'may spend') return this.#end(state, index, { ...writer, spent: 1 }, writer.value);
    const announced = String(writer.value.end);
    return { ...state, writers: state.writers.with(index, { ...writer, stage: 'done', announced }) };
  }

  #end(state: PledgeState, index: number, writer: Writer, value: PledgeValue): PledgeState {
    return this.#write(state, index, writer, 'ends', { ...value, end: `the end of ${writer.epoch}` });
  }

  #write(state: PledgeState, index: number, writer: Writer, stage: Stage, value: PledgeValue): PledgeState {
    return send(state, index, { ...writer, stage, value }, { kind: 'write', epoch: writer.epoch, value });
  }

  #deliver(state: PledgeState, { by, table, request }: Sent, isAnswered: boolean): PledgeState {
    const { granted, pledge } = this.#core.answerPledge(state.tables[table] ?? this.#core.NO_PLEDGE, request);
    if (!granted) return state;
    const tables = state.tables.with(table, pledge);
    const writer = state.writers[by];
    // An answer to an earlier request counts no more.
    const isCurrent = state.sent.findLast((one) => one.by === by)?.request === request;
    if (!isAnswered || !writer || !isCurrent) return { ...state, tables };
    return {
      ...state,
      tables,
      writers: state.writers.with(by, { ...writer, granted: writer.granted.with(table, pledge) }),
    };
  }
}

function send(state: PledgeState, by: number, writer: Writer, request: PledgeRequest): PledgeState {
  const sent = [0, 1, 2].map((table): Sent => ({ by, table, request }));
  const waiting = { ...writer, granted: [null, null, null] };
  return { ...state, writers: state.writers.with(by, waiting), sent: [...state.sent, ...sent] };
}
