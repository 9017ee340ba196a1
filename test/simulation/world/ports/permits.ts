import type { PermitStore, Waiting } from '#core/ports/permit-store.ts';
import type { Permits } from '#core/tenants/permits.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import type { Surroundings } from '../surroundings.ts';

/** The tenants' permits and lines: one conditional write of one item at a time, kept as JSON. */
export class SimulatedPermits {
  readonly #permits = new Map<string, string>();
  readonly #lines = new Map<string, Map<string, Waiting>>();
  readonly #world: Surroundings;
  readonly #judge: Judge;

  constructor(world: Surroundings, judge: Judge) {
    this.#world = world;
    this.#judge = judge;
  }

  /** The permits as one actor reaches them. */
  store(actor: Actor): PermitStore {
    return {
      get: (tenant) => actor.call('permits.get', () => this.#read(tenant)),
      write: (next) => actor.call('permits.write', () => this.#write(next, actor)),
      line: (tenant, waiting) =>
        actor.call('permits.line', () => {
          this.#world.trace.add(actor.name, 'permits.line', () => this.#judge.aliasOf(waiting.taskId));
          this.#lineOf(tenant).set(waiting.taskId, { ...waiting });
        }),
      first: (tenant, count) =>
        actor.call('permits.first', () =>
          [...this.#lineOf(tenant).values()].sort((a, b) => a.createdAt - b.createdAt).slice(0, count),
        ),
      unline: (tenant, { taskId, epoch }) =>
        actor.call('permits.unline', () => {
          const line = this.#lineOf(tenant);
          if ((line.get(taskId)?.epoch ?? 0) <= epoch) line.delete(taskId);
        }),
    };
  }

  #write(next: Permits, actor: Actor): 'written' | 'conflict' {
    if ((this.#read(next.tenant)?.version ?? 0) !== next.version - 1) return 'conflict';
    this.#permits.set(next.tenant, JSON.stringify(next));
    const holders = Object.entries(next.holders).map(([id, epoch]) => `${this.#judge.aliasOf(id)} epoch ${epoch}`);
    this.#world.trace.add(actor.name, 'permits.write', () => `${next.tenant} v${next.version}: ${holders.join(', ')}`);
    this.#judge.gate.permitsWritten(next, actor);
    return 'written';
  }

  #read(tenant: string): Permits | null {
    const json = this.#permits.get(tenant);
    return json === undefined ? null : (JSON.parse(json) as Permits);
  }

  #lineOf(tenant: string): Map<string, Waiting> {
    const line = this.#lines.get(tenant) ?? new Map<string, Waiting>();
    this.#lines.set(tenant, line);
    return line;
  }
}
