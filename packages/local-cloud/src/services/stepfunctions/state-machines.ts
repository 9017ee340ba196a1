import { randomUUID } from 'node:crypto';
import { compile } from '../../asl/compile.ts';
import type { Machine } from '../../asl/definition.ts';
import { InvalidDefinition } from '../../asl/errors.ts';
import type { Sources } from '../../asl/expressions/functions.ts';
import { invalidDefinition, noMachine } from './errors.ts';
import { checkResource } from './integrations/resource.ts';
import type { MachineRow, RevisionRow } from './records.ts';
import type { Store } from './store.ts';

/** The parts of a state machine other than its name. `settings` is stored and returned unchanged. */
export interface MachineParts {
  readonly definition: string;
  readonly roleArn: string;
  readonly settings: string;
}

/** The state machines and the revisions of their definitions. Each revision is compiled once. */
export class StateMachines {
  readonly #store: Store;
  readonly #sources: Sources;
  readonly #compiled = new Map<number, Machine>();
  #lastRevision: number;

  constructor(store: Store, sources: Sources) {
    this.#store = store;
    this.#sources = sources;
    this.#lastRevision = store.get<{ id: number | null }>('SELECT max(id) AS id FROM revisions')?.id ?? 0;
  }

  find(arn: string): MachineRow | undefined {
    return this.#store.get<MachineRow>('SELECT * FROM state_machines WHERE arn = ?', arn);
  }

  /** Throws `StateMachineDoesNotExist`. */
  get(arn: string): MachineRow {
    const row = this.find(arn);
    if (row === undefined) throw noMachine(arn);
    return row;
  }

  revision(id: number): RevisionRow {
    const row = this.#store.get<RevisionRow>('SELECT * FROM revisions WHERE id = ?', id);
    if (row === undefined) throw new Error(`the store has no revision ${id}`);
    return row;
  }

  /** Returns the compiled definition of a revision. */
  machine(revision: number): Machine {
    let machine = this.#compiled.get(revision);
    if (machine === undefined) {
      machine = this.#compile(this.revision(revision).definition);
      this.#compiled.set(revision, machine);
    }
    return machine;
  }

  create(arn: string, name: string, parts: MachineParts, now: number): void {
    const revision = this.#addRevision(parts.definition, now);
    this.#store.write("INSERT INTO state_machines VALUES (?, ?, ?, ?, 'ACTIVE', ?, ?)", [
      arn,
      name,
      parts.roleArn,
      revision,
      now,
      parts.settings,
    ]);
  }

  /** Adds a revision to the machine. Open executions keep the old one. Returns the public id of the new revision. */
  update(machine: MachineRow, parts: MachineParts, now: number): string {
    const revision = this.#addRevision(parts.definition, now);
    this.#store.write('UPDATE state_machines SET role_arn = ?, revision = ?, settings = ? WHERE arn = ?', [
      parts.roleArn,
      revision,
      parts.settings,
      machine.arn,
    ]);
    return this.revision(revision).revision_id;
  }

  /** Marks the machine as deleted, so that it starts no new executions. It is removed when its last execution has ended. */
  delete(arn: string): void {
    this.#store.write("UPDATE state_machines SET status = 'DELETING' WHERE arn = ?", [arn]);
    this.sweep(arn);
  }

  /** Removes a deleted machine without open executions. */
  sweep(arn: string): void {
    this.#store.write(
      `DELETE FROM state_machines WHERE arn = ? AND status = 'DELETING'
       AND NOT EXISTS (SELECT 1 FROM executions WHERE machine = state_machines.arn AND status = 'RUNNING')`,
      [arn],
    );
  }

  #addRevision(definition: string, now: number): number {
    const machine = this.#compile(definition);
    this.#lastRevision += 1;
    this.#store.write('INSERT INTO revisions VALUES (?, ?, ?, ?)', [this.#lastRevision, definition, randomUUID(), now]);
    this.#compiled.set(this.#lastRevision, machine);
    return this.#lastRevision;
  }

  #compile(definition: string): Machine {
    try {
      return compile(definition, { sources: this.#sources, checkResource });
    } catch (error) {
      if (error instanceof InvalidDefinition) throw invalidDefinition(error.message);
      throw error;
    }
  }
}
