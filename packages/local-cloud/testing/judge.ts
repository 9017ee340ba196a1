import type { Served } from './serve.ts';

/** Where `npm run check:services` points the tests: an independent emulator instead of our own service. */
const ENDPOINT = process.env['FLEET_JUDGE_ENDPOINT'];

/** Begins the error of a test that needs something of our own service, such as its clock: no other judge can be asked. */
export const ONLY_OURS = 'only for our own service';

/**
 * The judge's connection instead of a service of ours, emptied; undefined in an ordinary run. `ours` says what of our
 * own the test asked for.
 */
export async function judge(ours: object): Promise<Pick<Served<never>, 'url' | 'client'> | undefined> {
  if (ENDPOINT === undefined) return undefined;
  if (Object.keys(ours).length > 0) throw new Error(`${ONLY_OURS}: ${Object.keys(ours).join(', ')}`);
  const answer = await fetch(`${ENDPOINT}/_ministack/reset`, { method: 'POST' });
  if (!answer.ok) throw new Error(`The judge could not be emptied: ${answer.status}`);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  return { url: ENDPOINT, client: { endpoint: ENDPOINT, region: 'us-east-1', credentials, maxAttempts: 1 } };
}

/** Stands where a test would reach into our own service. */
export function notOurs<S extends object>(): S {
  return new Proxy({} as S, {
    get: (_target, property) => {
      throw new Error(`${ONLY_OURS}: ${String(property)}`);
    },
  });
}
