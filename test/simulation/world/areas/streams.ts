import { crc32 } from 'node:zlib';
import type { SetAsideStore } from '#core/ports/set-aside-store.ts';
import type { SubjectStore } from '#core/ports/subject-store.ts';
import type { StreamApp } from '#core/streams/app.ts';
import type { RouterPorts } from '#core/streams/ports.ts';
import type { Router } from '#core/streams/route.ts';
import type { SourceRecord } from '#core/streams/source-record.ts';
import type { HandledId, SubjectItem } from '#core/streams/subject-item.ts';
import { z } from 'zod';
import type { Judge } from '../../checks/judge.ts';
import { Violation } from '../../checks/violation.ts';
import { Actor } from '../actor.ts';
import type { Core } from '../core.ts';
import { EPOCH, Machine } from '../machine.ts';
import type { Surroundings } from '../surroundings.ts';
import { Shard } from './shard.ts';
import { bytesOf, eventOf } from './stream-record.ts';
import type { StreamEvent, StreamsPlan } from './stream-event.ts';

const SWEEP_EVERY_MS = 60_000;
const MEMORY_MS = 48 * 3_600_000;
/** Warm routers of the function. */
const MAX_ROUTERS = 4;

const seenSchema = z.looseObject({
  id: z.string(),
  source: z.string(),
  sequence: z.number().nullable(),
  late: z.boolean(),
});
const stateSchema = z.looseObject({ seen: z.array(seenSchema) });
const dataSchema = z.object({ kind: z.string(), needs: z.string().optional(), effect: z.string() });
const effectSchema = z.looseObject({ id: z.string(), kind: z.string() });
type App = StreamApp<z.infer<typeof stateSchema>, null, z.infer<typeof effectSchema>>;

/** A warm Lambda environment: its router keeps items in memory from one invocation to the next. */
interface Warm {
  readonly machine: Machine;
  readonly router: Router<z.infer<typeof stateSchema>, null, z.infer<typeof effectSchema>>;
  actor: Actor;
  busy: boolean;
}

/** Streams, the mapping that reads them, routers that die and compete, the sweep, and the store of subjects. */
export class SimulatedStreams {
  readonly #world: Surroundings;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #plan: StreamsPlan;
  /** Each with its version and when the sweep reads it, which would cost a parse. */
  readonly #items = new Map<string, { readonly json: string; readonly version: number; readonly dueAt: number }>();
  readonly #spilled = new Set<string>();
  readonly #warm: Warm[] = [];
  readonly #shards: Shard[];
  readonly #lastAt: number;
  /** Who met a call that stalls, and the faults of its machine by then. */
  readonly #stalls = new Map<Actor, number>();
  #count = 0;
  #sweeping = 0;

  constructor(world: Surroundings, core: Core, judge: Judge, plan: StreamsPlan) {
    this.#world = world;
    this.#core = core;
    this.#judge = judge;
    this.#plan = plan;
    this.#shards = Array.from({ length: plan.shards }, (_, index) => this.#newShard(index));
    this.#lastAt = Math.max(0, plan.rewindAt ?? 0, plan.reshardAt ?? 0, ...plan.events.map(({ at }) => at));
    const { scheduler } = world;
    for (const event of plan.events) scheduler.at(event.at, () => this.#put(event));
    if (plan.reshardAt !== null)
      scheduler.at(plan.reshardAt, () => void this.#shards.push(this.#newShard(this.#shards.length)));
    if (plan.rewindAt !== null) scheduler.at(plan.rewindAt, () => this.#shards.forEach((shard) => shard.rewind()));
    this.#sweepLater();
  }

  /** Whether everything was put, read and performed. */
  get idle(): boolean {
    return (
      this.#world.scheduler.now > this.#lastAt &&
      this.#sweeping === 0 &&
      this.#shards.every(({ idle }) => idle) &&
      this.#judge.areas.streams.isDone
    );
  }

  #newShard(index: number): Shard {
    return new Shard(this.#world, this.#judge, this.#plan, {
      name: `shard-${index}`,
      invoke: (records, settle) => this.#invoke(records, settle),
      again: (event) => this.#put(event),
    });
  }

  /** Keys move to a shard that was added. */
  #put(event: StreamEvent): void {
    const key = this.#plan.byKey ? event.subject : `${event.id}${this.#world.chance.between(0, 9)}`;
    this.#judge.areas.streams.put(event);
    this.#shards[crc32(key) % this.#shards.length]?.put(event, bytesOf(event));
  }

  /** A batch in a warm router, or in a new one. `settle` learns how it ended, unless the router dies. */
  #invoke(records: readonly SourceRecord[], settle: (failed: readonly SourceRecord[] | null) => void): void {
    const { scheduler, plan, trace } = this.#world;
    const warm = this.#take();
    const endsAt = scheduler.now + plan.timeLimitMs;
    scheduler.at(endsAt, () => (warm.busy && warm.actor.endsAt === endsAt ? this.#timeOut(warm.actor) : 'idle'));
    warm.actor = new Actor(warm.machine, 'router', warm.machine.name, this.#judge.observations, endsAt);
    warm.machine.onDeath = () => settle(null);
    trace.add(warm.machine.name, 'routes', () => records.map(({ key, position }) => `${position} ${key}`).join(', '));
    const end = (failed: readonly SourceRecord[] | null): void => {
      warm.busy = false;
      this.#world.machines.delete(warm.machine);
      warm.machine.onDeath = null;
      settle(failed);
    };
    warm.router
      .route(records, () => endsAt - scheduler.now)
      .then(
        ({ failed, summary }) => {
          trace.add(warm.machine.name, 'routed', () => JSON.stringify(summary));
          end(this.#core.lowestFailures(failed));
        },
        (error: unknown) => {
          trace.add(warm.machine.name, 'throws', () => String(error));
          end(null);
        },
      );
  }

  #timeOut(by: Actor): void {
    if (this.#stalls.get(by) === by.machine.faults)
      this.#judge.observe(() => this.#judge.areas.streams.stalled(by.name));
    by.machine.die('time limit');
  }

  #take(): Warm {
    const { chance, machines } = this.#world;
    const idle = this.#warm.filter(({ busy, machine }) => !busy && machine.alive);
    const known = idle[chance.between(0, Math.max(0, idle.length - 1))];
    if (known && (idle.length >= MAX_ROUTERS || chance.hits(0.7))) {
      known.busy = true;
      machines.add(known.machine);
      return known;
    }
    const machine = new Machine(this.#world, `router ${(this.#count += 1)}`);
    const actor = new Actor(machine, 'router', machine.name, this.#judge.observations);
    const warm: Warm = { machine, actor, busy: true, router: new this.#core.Router(this.#ports(() => warm.actor)) };
    this.#warm.push(warm);
    return warm;
  }

  #sweepLater(): void {
    const { scheduler, trace } = this.#world;
    scheduler.at(scheduler.now + SWEEP_EVERY_MS, () => {
      this.#sweepLater();
      // An idle sweep changes nothing, and there are hundreds in a world.
      const due = EPOCH + scheduler.now + this.#world.plan.skewMs;
      if (![...this.#items.values()].some(({ dueAt }) => dueAt <= due)) return 'idle';
      const machine = new Machine(this.#world, `sweep ${(this.#count += 1)}`);
      const actor = new Actor(machine, 'router', machine.name, this.#judge.observations);
      this.#sweeping += 1;
      const end = (): void => {
        machine.onDeath = null;
        this.#sweeping -= 1;
      };
      machine.onDeath = end;
      const endsAt = scheduler.now + SWEEP_EVERY_MS - 1;
      scheduler.at(endsAt, () => (machine.alive ? this.#timeOut(actor) : 'idle'));
      void this.#core
        .sweepStream(
          this.#ports(() => actor),
          () => endsAt - scheduler.now > this.#core.RESERVE_MS,
        )
        .then((swept) => trace.add(machine.name, 'swept', () => JSON.stringify(swept)))
        .catch((error: unknown) => trace.add(machine.name, 'throws', () => String(error)))
        .then(() => {
          end();
          machine.finish();
        });
      return undefined;
    });
  }

  #ports(actor: () => Actor): RouterPorts<z.infer<typeof stateSchema>, null, z.infer<typeof effectSchema>> {
    return {
      app: this.#app(actor),
      subjects: this.#store(actor),
      setAside: this.#setAside(actor),
      clock: {
        now: () => actor().clock.now(),
        elapsed: () => actor().clock.elapsed(),
        every: (intervalMs, action) => actor().clock.every(intervalMs, action),
      },
      report: (event) => this.#world.trace.add(actor().name, event.type, () => JSON.stringify(event)),
      memoryMs: MEMORY_MS,
    };
  }

  #app(actor: () => Actor): App {
    return {
      types: { 'simulated.event.v1': dataSchema },
      subject: z.string(),
      state: stateSchema,
      initial: { seen: [] },
      effect: effectSchema,
      prepare: () => actor().call('app.prepare', () => null),
      apply: (state, { id, source, sequence, late, data }) => {
        const { kind, needs, effect } = dataSchema.parse(data);
        if (kind === 'poison') throw new Error('poison');
        if (kind === 'needy' && !state.seen.some((other) => other.id === needs)) throw new Error('needy');
        const seen: z.infer<typeof seenSchema> = {
          id,
          source,
          sequence: sequence === null ? null : Number(sequence),
          late,
        };
        const { effectBytes } = this.#plan;
        const made = { id, kind: effect, ...(effectBytes > 0 && { pad: ' '.repeat(effectBytes) }) };
        return { state: { seen: [...state.seen, seen] }, effects: effect === 'none' ? [] : [made] };
      },
      perform: (subject, effects) => this.#performOrStall(actor(), subject, effects),
    };
  }

  /** A call that stalls has no effect, and no answer. */
  async #performOrStall(by: Actor, subject: string, effects: readonly z.infer<typeof effectSchema>[]): Promise<void> {
    const { chance, faulty, trace } = this.#world;
    const { streams } = this.#judge.areas;
    if (this.#plan.effectsStall === 0 || !faulty || !chance.hits(this.#plan.effectsStall))
      return by
        .call('effects.perform', () => this.#perform(subject, effects))
        .catch((error: unknown) => streams.callFailed(effects, error));
    trace.add(by.name, 'STALLS', () => subject);
    for (const { id } of effects) streams.effectFailed(id);
    this.#stalls.set(by, by.machine.faults);
    return new Promise(() => undefined);
  }

  #perform(subject: string, effects: readonly z.infer<typeof effectSchema>[]): void {
    const { chance, plan, faulty, trace } = this.#world;
    const { streams } = this.#judge.areas;
    const down = faulty && chance.hits(plan.area?.streams?.effectsDown ?? 0);
    const done: string[] = [];
    for (const { id, kind } of effects) {
      const fails = down || kind === 'stubborn' || kind === 'permanent';
      if (!fails) {
        done.push(id);
        continue;
      }
      // Those before it took effect.
      this.#judge.observe(() => streams.performed(done));
      const { FailureError } = this.#core;
      throw kind === 'permanent' ? new FailureError({ kind: 'permanent', reason: 'simulated' }) : new Error('down');
    }
    trace.add('effects', 'performed', () => `${subject}: ${done.join(', ')}`);
    this.#judge.observe(() => streams.performed(done));
  }

  #setAside(actor: () => Actor): SetAsideStore {
    const { streams } = this.#judge.areas;
    return {
      putRecords: (rejected) => {
        const by = actor();
        return by.call('setAside.putRecords', () => {
          for (const { record } of rejected) {
            const event = eventOf(record);
            if (event) this.#judge.observe(() => streams.rejected(event, by));
          }
        });
      },
      putEffects: (failed) =>
        actor().call('setAside.putEffects', () => {
          for (const { effect } of failed) this.#judge.observe(() => streams.effectSetAside(effect.id));
        }),
    };
  }

  #store(actor: () => Actor): SubjectStore {
    const spillKey = (subject: string, source: string, id: string): string => JSON.stringify([subject, source, id]);
    const { trace } = this.#world;
    return {
      getMany: (subjects) =>
        actor().call('subjects.getMany', () => new Map(subjects.flatMap((subject) => this.#entry(subject)))),
      write: (subject, item) => actor().call('subjects.write', () => this.#write(subject, item, actor().name)),
      spill: (subject, ids: readonly HandledId[]) =>
        actor().call('subjects.spill', () => {
          trace.add(actor().name, 'subjects.spill', () => `${subject}: ${ids.length} ids`);
          for (const [source, id] of ids) this.#spilled.add(spillKey(subject, source, id));
        }),
      spilled: (subject, names) =>
        actor().call('subjects.spilled', () =>
          names.filter(([source, id]) => this.#spilled.has(spillKey(subject, source, id))),
        ),
      waiting: (dueBy) => this.#waiting(dueBy, actor),
    };
  }

  async *#waiting(dueBy: number, actor: () => Actor): AsyncGenerator<string> {
    yield* await actor().call('subjects.waiting', () =>
      [...this.#items].filter(([, { dueAt }]) => dueAt <= dueBy).map(([subject]) => subject),
    );
  }

  #entry(subject: string): readonly (readonly [string, SubjectItem])[] {
    const json = this.#items.get(subject)?.json;
    return json === undefined ? [] : [[subject, JSON.parse(json) as SubjectItem]];
  }

  #write(subject: string, item: SubjectItem, by: string): 'written' | 'refused' {
    const { trace } = this.#world;
    const stored = this.#items.get(subject)?.version ?? 0;
    if (stored !== item.version - 1) {
      trace.add(by, 'subjects.write', () => `${subject} conflict: it is at v${stored}, not v${item.version - 1}`);
      return 'refused';
    }
    const json = JSON.stringify(item);
    this.#items.set(subject, { json, version: item.version, dueAt: this.#core.sweepAt(item) ?? Infinity });
    this.#judge.observe(() => {
      const parsed = this.#core.subjectItemSchema.safeParse(JSON.parse(json));
      if (!parsed.success) throw new Violation('S1', `the written item cannot be read back: ${parsed.error.message}`);
      const { seen } = stateSchema.parse(parsed.data.state);
      const outbox = parsed.data.outbox.map(({ id }) => id);
      trace.add(
        by,
        'subjects.write',
        () => `${subject} v${item.version}, ${seen.length} events, outbox ${outbox.join(' ')}`,
      );
      this.#judge.areas.streams.written(subject, { seen, outbox });
    });
    return 'written';
  }
}
