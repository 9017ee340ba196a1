import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { queryClient } from '#console/src/api/query-client.ts';
import { signedOut } from '#console/src/api/signed-out.ts';

/** Modules of the page use globals that only a browser's types have, so they are imported without their types. */
interface Modules {
  readonly completeSignIn: (settings: object) => Promise<void>;
  readonly signOut: () => Promise<void>;
}
const load = (name: string) => vi.importActual<Modules>(`#console/src/sign-in/${name}.ts`);

const COGNITO = { signIn: 'cognito', page: 'https://x.auth.eu-west-1.amazoncognito.com', clientId: 'abc' };
const TOKENS = { access_token: 'access', expires_in: 3_600 };
const TWO_HOURS_MS = 7_200_000;

const kept = new Map<string, string>();
const assign = vi.fn<(url: string) => void>();
const token = vi.fn<() => Promise<Response>>();
let settings: object;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('sessionStorage', {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => void kept.set(name, value),
    removeItem: (name: string) => void kept.delete(name),
  });
  vi.stubGlobal('location', { origin: 'https://d1.cloudfront.net', pathname: '/console/', search: '', assign });
  vi.stubGlobal('fetch', (url: string) =>
    url === '/console/config.json' ? Promise.resolve(Response.json(settings)) : token(),
  );
  settings = COGNITO;
  token.mockImplementation(() => Promise.resolve(Response.json(TOKENS)));
  kept.set('agent-fleet.refresh', 'refresh');
  queryClient.setQueryData(['tasks'], ['what the person has read']);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.resetAllMocks();
  kept.clear();
  queryClient.clear();
  signedOut.set(false);
});

it('signing out ends the renewal of the token, and the session of the sign-in page', async () => {
  const [{ completeSignIn }, { signOut }] = await Promise.all([load('cognito'), load('sign-out')]);
  await completeSignIn(COGNITO);
  expect(kept.get('agent-fleet.key')).toBe('access');
  await signOut();
  await vi.advanceTimersByTimeAsync(TWO_HOURS_MS);
  expect(token).toHaveBeenCalledTimes(1);
  expect([...kept]).toEqual([]);
  expect(queryClient.getQueryCache().getAll()).toEqual([]);
  expect(signedOut.get()).toBe(true);
  const url = new URL(assign.mock.calls[0]?.[0] ?? '');
  expect(url.origin + url.pathname).toBe(`${COGNITO.page}/logout`);
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'abc',
    logout_uri: 'https://d1.cloudfront.net/console/',
  });
});

it('a renewal that is under way does not sign in again', async () => {
  const [{ completeSignIn }, { signOut }] = await Promise.all([load('cognito'), load('sign-out')]);
  const answer = Promise.withResolvers<Response>();
  token.mockReturnValue(answer.promise);
  const renewal = completeSignIn(COGNITO);
  await signOut();
  answer.resolve(Response.json(TOKENS));
  await renewal;
  await vi.advanceTimersByTimeAsync(TWO_HOURS_MS);
  expect(token).toHaveBeenCalledTimes(1);
  expect([...kept]).toEqual([]);
});

it('a token is renewed until then, also after a failure', async () => {
  const [{ completeSignIn }, { signOut }] = await Promise.all([load('cognito'), load('sign-out')]);
  await completeSignIn(COGNITO);
  token.mockRejectedValueOnce(new TypeError('fetch failed'));
  await vi.advanceTimersByTimeAsync(TWO_HOURS_MS);
  expect(token).toHaveBeenCalledTimes(4);
  await signOut();
});

it('without Cognito, signing out leads nowhere', async () => {
  settings = { signIn: 'key' };
  kept.clear();
  kept.set('agent-fleet.key', 'flk_1');
  await (await load('sign-out')).signOut();
  expect([...kept]).toEqual([]);
  expect(assign).not.toHaveBeenCalled();
});
