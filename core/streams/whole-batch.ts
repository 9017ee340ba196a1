import type { SetAsideStore } from '../ports/set-aside-store.ts';
import type { RoutesRecords } from './own-events.ts';
import type { RouterPorts } from './ports.ts';
import type { SourceRecord } from './source-record.ts';

/** Waits before further attempts, in milliseconds. Most trouble of a store is over by then. */
const WAITS_MS = [200, 800, 3_200];
/** Time kept for the last attempt. */
const RESERVE_MS = 15_000;

export interface WholeBatchPorts extends Pick<RouterPorts<never, never, never>, 'report'> {
  readonly setAside: Pick<SetAsideStore, 'putRecords'>;
  readonly router: RoutesRecords;
  readonly wait: (ms: number) => Promise<void>;
}

/**
 * Routes a batch whose mapping heeds no partial response, as Kafka's in default mode: it would repeat the whole batch, and
 * give it up after ten times, for the sake of one record. So what fails is tried again here, then set aside (I19), and the
 * mapping goes on. It is late when it is sent again.
 *
 * If nothing could be routed, the store is away and not a record to blame: then it throws, and the whole batch comes again.
 * @returns how many records were set aside
 */
export async function routeWholeBatch(
  { router, setAside, report, wait }: WholeBatchPorts,
  records: readonly SourceRecord[],
  timeLeftMs: () => number,
): Promise<number> {
  let { failed } = await router.route(records, timeLeftMs);
  for (const ms of WAITS_MS) {
    if (failed.length === 0 || timeLeftMs() < RESERVE_MS) break;
    await wait(ms);
    ({ failed } = await router.route(failed, timeLeftMs));
  }
  if (failed.length === 0) return 0;
  if (failed.length === records.length)
    throw new Error(`All ${failed.length} records failed, so the whole batch comes again. The log has the reasons.`);
  await setAside.putRecords(failed.map((record) => ({ record, reason: REASON, detail: DETAIL })));
  for (const at of failed) report({ type: 'record.rejected', at, reason: REASON });
  return failed.length;
}

const REASON = 'not-routed';
const DETAIL = 'Its subject could not be written. The log of the router has the reason.';
