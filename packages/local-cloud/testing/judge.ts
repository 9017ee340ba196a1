import type { Served } from './serve.ts';

/** The independent emulator that `npm run check:services` runs the tests against, instead of our own service. */
const ENDPOINT = process.env['FLEET_JUDGE_ENDPOINT'];

/** Its name. Only MiniStack can be reset as a whole. */
const JUDGE = process.env['FLEET_JUDGE'] ?? 'MiniStack';

/** Start of the error of a test that needs a feature of our own service, such as its clock, and so cannot run elsewhere. */
export const ONLY_OURS = 'only for our own service';

/**
 * Resets the independent emulator and returns a connection to it, or undefined in an ordinary run. `ours` has the
 * options of our own service that the test uses; the test cannot run elsewhere if there are any.
 */
export async function judge(ours: object): Promise<Pick<Served<never>, 'url' | 'client'> | undefined> {
  if (ENDPOINT === undefined) return undefined;
  if (Object.keys(ours).length > 0) throw new Error(`${ONLY_OURS}: ${Object.keys(ours).join(', ')}`);
  if (JUDGE === 'MiniStack') await resetMiniStack(ENDPOINT);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { url: ENDPOINT, client: { endpoint: ENDPOINT, region: 'us-east-1', credentials, maxAttempts: 1 } };
}

/** Replaces our own service in a test that runs against the emulator. Any use of it throws. */
export function notOurs<S extends object>(): S {
  return new Proxy({} as S, {
    get: (_target, property) => {
      throw new Error(`${ONLY_OURS}: ${String(property)}`);
    },
  });
}

async function resetMiniStack(endpoint: string): Promise<void> {
  const answer = await fetch(`${endpoint}/_ministack/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The emulator could not be reset: ${answer.status}`);
}
