import type { SetAsideStore } from '../ports/set-aside-store.ts';
import type { RoutesRecords } from './own-events.ts';
import type { RouterPorts } from './ports.ts';
import { RESERVE_MS } from './route.ts';
import type { SourceRecord } from './source-record.ts';

/** Waits before further attempts, in milliseconds. Most trouble of a store is over by then. */
const WAITS_MS = [200, 800, 3_200];

export interface WholeBatchPorts extends Pick<RouterPorts<never, never, never>, 'report'> {
  readonly app: Pick<RouterPorts<never, never, never>['app'], 'rejected'>;
  readonly setAside: Pick<SetAsideStore, 'putRecords'>;
  readonly router: RoutesRecords;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Routes a batch whose mapping heeds no partial response, as Kafka's in default mode: it would repeat the whole batch, and
 * give it up after ten times, for the sake of one record. So what fails is tried again here, then set aside (I19), and the
 * mapping goes on. It is late when it is sent again.
 *
 * It throws where no record is to blame, and the whole batch comes again, of which what was applied is a duplicate by then: if
 * nothing could be routed, since the store is away; and if time is short, or an outbox has no room.
 * @returns how many records were set aside
 */
export async function routeWholeBatch(
  { app, router, setAside, report, wait }: WholeBatchPorts,
  records: readonly SourceRecord[],
  timeLeftMs: () => number,
): Promise<number> {
  let { failed, notYet } = await router.route(records, timeLeftMs);
  for (const ms of WAITS_MS) {
    if (failed.length === 0) return 0;
    if (timeLeftMs() < RESERVE_MS + ms) throw comesAgain(`No time is left to try ${failed.length} records again`);
    await wait(ms);
    ({ failed, notYet } = await router.route(failed, timeLeftMs));
  }
  if (failed.length === 0) return 0;
  if (failed.length === records.length) throw comesAgain(`All ${failed.length} records failed`);
  if (notYet.length > 0) throw comesAgain(`${notYet.length} records had no time or no room in an outbox`);
  await setAside.putRecords(failed.map((record) => ({ record, reason: REASON, detail: DETAIL })));
  for (const at of failed) report({ type: 'record.rejected', at, reason: REASON });
  app.rejected?.(failed.map(({ arrivedAt }) => arrivedAt));
  return failed.length;
}

const comesAgain = (why: string): Error =>
  new Error(`${why}, so the whole batch comes again. The log has the reasons.`);

const REASON = 'not-routed';
const DETAIL = 'Its subject could not be written. The log of the router has the reason.';
