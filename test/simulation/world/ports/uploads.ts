import type { UploadStore } from '#core/ports/upload-store.ts';
import type { IntakePorts } from '#core/uploads/intake.ts';
import type { Upload } from '#core/uploads/upload.ts';
import type { Actor } from '../actor.ts';
import type { Judge } from '../../checks/judge.ts';
import { EPOCH } from '../machine.ts';
import type { Surroundings } from '../surroundings.ts';
import { simulatedIds } from './services.ts';

/** The intake's ports: the uploads' items, its own queue and the runs it starts. */
export class SimulatedUploads {
  readonly #uploads = new Map<string, string>();
  readonly #world: Surroundings;
  readonly #judge: Judge;
  readonly #send: (body: unknown, delayMs: number) => void;

  /** @param send puts a message on the intake's queue */
  constructor(world: Surroundings, judge: Judge, send: (body: unknown, delayMs: number) => void) {
    this.#world = world;
    this.#judge = judge;
    this.#send = send;
  }

  ports(actor: Actor): IntakePorts {
    const { trace, chance, scheduler, plan } = this.#world;
    return {
      uploads: this.#store(actor),
      // Read from S3, which the world's faults leave alone, so that no seed changes.
      manifests: { read: async (uploadId) => this.#judge.manifestNow(uploadId, EPOCH + scheduler.now) },
      clock: actor.clock,
      ids: simulatedIds(chance),
      quietMs: plan.quietMs,
      queue: {
        sendCheck: (uploadId, delayMs) =>
          actor.call('intake.sendCheck', () => {
            trace.add(actor.name, 'intake.sendCheck', () => `${uploadId} in ${Math.ceil(delayMs / 1_000)} s`);
            this.#send({ type: 'check', uploadId }, Math.ceil(delayMs / 1_000) * 1_000);
          }),
      },
      runs: {
        start: (name, { uploadId }) =>
          actor.call('runs.start', () => {
            trace.add(actor.name, 'runs.start', () => name);
            this.#judge.runStarted(uploadId, name, EPOCH + scheduler.now);
          }),
      },
    };
  }

  #store(actor: Actor): UploadStore {
    const { trace } = this.#world;
    return {
      get: (id) => actor.call('uploads.get', () => this.#read(id)),
      create: (upload) =>
        actor.call('uploads.create', () => {
          const existing = this.#read(upload.id);
          if (!existing) this.#uploads.set(upload.id, JSON.stringify(upload));
          return existing ?? upload;
        }),
      replace: (next) =>
        actor.call('uploads.replace', () => {
          const before = this.#read(next.id);
          if (before?.version !== next.version - 1) return 'conflict';
          this.#uploads.set(next.id, JSON.stringify(next));
          trace.add(
            actor.name,
            'uploads.replace',
            () => `${next.id} v${next.version}, ${next.rounds} rounds, ${next.started} started`,
          );
          this.#judge.uploadWritten(before, next, actor);
          return 'replaced';
        }),
    };
  }

  #read(id: string): Upload | null {
    const json = this.#uploads.get(id);
    return json === undefined ? null : (JSON.parse(json) as Upload);
  }
}
