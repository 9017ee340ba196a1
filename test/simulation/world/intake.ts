import type { IntakeMessage } from '#core/uploads/events.ts';
import type { Judge } from '../checks/judge.ts';
import { isUploadDone } from '../checks/uploads.ts';
import type { Core } from './core.ts';
import { EPOCH } from './machine.ts';
import type { UploadPlan } from './plan.ts';
import type { Pool } from './pool.ts';
import { SimulatedUploads } from './ports/uploads.ts';
import type { Surroundings } from './surroundings.ts';

/** As the stack has it: the function's time limit, and six times the same with the second in which a batch fills. */
const TIME_LIMIT_MS = 60_000;
const VISIBILITY_MS = 366_000;
/** S3 sends most events within seconds, and some minutes later (S3, "Event notifications"). */
const LATE_NEWS_MS = 120_000;

/** The intake: S3's events pass through its queue into the handler, which starts runs. */
export class SimulatedIntake {
  readonly #world: Surroundings;
  readonly #pool: Pool;
  readonly #core: Core;
  readonly #judge: Judge;
  readonly #uploads: SimulatedUploads;
  #waiting = 0;

  constructor(world: Surroundings, pool: Pool, core: Core, judge: Judge) {
    this.#world = world;
    this.#pool = pool;
    this.#core = core;
    this.#judge = judge;
    this.#uploads = new SimulatedUploads(world, judge, (body, delayMs) =>
      this.#deliver(body as IntakeMessage, delayMs),
    );
    for (const upload of world.plan.uploads) this.#put(upload);
  }

  /** Whether no message is left and every upload has its runs. */
  get idle(): boolean {
    return this.#waiting === 0 && [...this.#judge.uploads.values()].every(isUploadDone);
  }

  #put({ id, objects, manifest }: UploadPlan): void {
    const { chance, plan, scheduler } = this.#world;
    const puts = objects.map((at, index) => ({ at, key: `uploads/${id}/${index}.pdf`, eTag: 'object' }));
    const key = `uploads/${id}/_manifest.json`;
    if (manifest !== null) puts.push({ at: manifest, key, eTag: 'complete' });
    // Every other upload with a manifest is open first. Nothing is drawn for it, so that the other worlds stay the same.
    const opened =
      manifest !== null && objects.length % 2 === 1 ? Math.max(0, Math.min(...objects, manifest) - 1) : null;
    this.#judge.uploads.set(id, {
      id,
      puts: puts.map(({ at }) => EPOCH + at),
      manifestAt: manifest === null ? null : EPOCH + manifest,
      limited: opened !== null && objects.length % 4 === 1,
      openedAt: opened === null ? null : EPOCH + opened,
      quietMs: plan.quietMs,
      upload: null,
      runs: new Map(),
    });
    if (opened !== null) puts.push({ at: opened, key, eTag: 'open' });
    for (const { at, key, eTag } of puts) {
      const eventTime = new Date(EPOCH + at).toISOString();
      const s3 = { object: { key: encodeURIComponent(key).replaceAll('%20', '+'), eTag } };
      const news: IntakeMessage = { Records: [{ eventName: 'ObjectCreated:Put', eventTime, s3 }] };
      const copies = chance.hits(plan.duplicates) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.#waiting += 1;
        const late = chance.hits(0.2) ? LATE_NEWS_MS : 2_000;
        scheduler.at(at + chance.next() * late, () => {
          this.#waiting -= 1;
          this.#deliver(news, 0);
        });
      }
    }
  }

  /** Delivers a message until it is handled, and sometimes once more. */
  #deliver(message: IntakeMessage, delayMs: number): void {
    const { scheduler } = this.#world;
    this.#waiting += 1;
    scheduler.at(scheduler.now + delayMs, () => {
      let handled = false;
      const machine = this.#pool.spawn('intake', async (actor) => {
        // As in the handler, a batch of events is merged into one entry per upload.
        for (const news of this.#core.mergeNews(this.#core.newsOf(message))) {
          await this.#core.intake(this.#uploads.ports(actor), news);
        }
        handled = true;
        this.#waiting -= 1;
      });
      scheduler.at(scheduler.now + TIME_LIMIT_MS, () => (machine.alive ? machine.die('time limit') : 'idle'));
      scheduler.at(scheduler.now + VISIBILITY_MS, () => {
        if (handled) return 'idle';
        this.#waiting -= 1;
        return this.#deliver(message, 0);
      });
    });
  }
}
