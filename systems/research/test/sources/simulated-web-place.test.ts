import { expect, it } from 'vitest';
import { FailureError } from '#core/failures/failure.ts';
import { inMemoryArtifacts } from '#test/support/fakes/in-memory-artifacts.ts';
import { inMemoryHostPaceStore } from '#test/support/fakes/in-memory-host-pace-store.ts';
import { manualClock } from '#test/support/fakes/manual-clock.ts';
import { SIMULATED_WEB_KEY, type NightItem, type SimulatedWebPlace } from '../../night/item.ts';
import { scoutServices } from '../../sources/scout-services.ts';

const ITEM: NightItem = {
  id: 'acme.test',
  name: 'Acme',
  sector: null,
  website: 'http://acme.test/',
  cik: null,
  ticker: null,
  night: '2026-11-03',
  space: 'simulated-1-50',
};
/** Nothing listens there. */
const PORT = 1;

/** Why the company is not fetched, with what the command has said of its web. */
async function reasonOf(place: SimulatedWebPlace | null, standInAddress: string | null = '127.0.0.1') {
  const artifacts = inMemoryArtifacts();
  const object = { bucket: 'snapshots', key: SIMULATED_WEB_KEY };
  if (place !== null) await artifacts.put(object, JSON.stringify(place), 'application/json');
  const services = scoutServices({
    artifacts,
    bucket: 'snapshots',
    paces: inMemoryHostPaceStore(),
    clock: manualClock(),
    ids: { uuid: () => 'id', random: () => 0.5, digest: (text) => String(text) },
    contact: undefined,
    standInAddress: standInAddress ?? undefined,
  });
  const error = await services.fetch('acme', ITEM, Infinity).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FailureError);
  return (error as FailureError).failure;
}

it.each([
  ['another night', { night: '2026-11-02', space: ITEM.space }, 'in the night 2026-11-02'],
  ['another web', { night: ITEM.night, space: 'simulated-2-50' }, 'shows simulated-2-50'],
  ['its own, and it is not running', { night: ITEM.night, space: ITEM.space }, 'not running'],
  ['everything, and it is not running', {}, 'not running'],
])('a company waits while the simulated web shows %s', async (_, shown, reason) => {
  const failure = await reasonOf({ port: PORT, ...shown });
  expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: expect.any(Number) as number });
  expect(failure.reason).toContain(reason);
});

it('no company waits for a simulated web that nobody started, or that may not be here', async () => {
  expect(await reasonOf(null)).toMatchObject({ kind: 'permanent' });
  expect(await reasonOf({ port: PORT }, null)).toMatchObject({ kind: 'permanent' });
});
