import { z } from 'zod';
import { keepKey } from '../api/session.ts';
import { authorizeUrl, challengeOf, randomText } from './pkce.ts';
import type { Cognito } from './settings.ts';

const tokensSchema = z.object({
  access_token: z.string(),
  refresh_token: z.string().optional(),
  /** Seconds. */
  expires_in: z.number().positive(),
});
/** What a sign-in under way keeps in this tab. */
const startedSchema = z.object({ verifier: z.string(), state: z.string(), from: z.string() });

const STARTED = 'agent-fleet.sign-in';
const REFRESH = 'agent-fleet.refresh';
/** Milliseconds before its end at which a token is renewed. */
const EARLY_MS = 60_000;
/** Milliseconds until a renewal that failed is tried again. */
const RETRY_MS = 15_000;

/** What renews the token of this tab. A sign-out ends it, also while a renewal is under way. */
let renewals = new AbortController();

const redirectUri = (): string => `${location.origin}/console/`;

/** Leads to the sign-in page. The view that the person is at is kept for the way back. */
export async function goToSignIn({ page, clientId }: Cognito): Promise<void> {
  const [verifier, state] = [randomText(), randomText()];
  const from = location.pathname + location.search;
  sessionStorage.setItem(STARTED, JSON.stringify({ verifier, state, from }));
  const challenge = await challengeOf(verifier);
  location.assign(authorizeUrl({ page, clientId, redirectUri: redirectUri(), state, challenge }));
}

/** Ends a sign-in whose code the URL has, and renews the token from then on. Nothing happens without a code. */
export async function completeSignIn(settings: Cognito): Promise<void> {
  const query = new URLSearchParams(location.search);
  const [code, state] = [query.get('code'), query.get('state')];
  const started = startedSchema.safeParse(JSON.parse(sessionStorage.getItem(STARTED) ?? 'null'));
  sessionStorage.removeItem(STARTED);
  const refresh = sessionStorage.getItem(REFRESH);
  if (code === null || !started.success || state !== started.data.state) {
    if (refresh !== null) await renew(settings, refresh);
    return;
  }
  const { verifier, from } = started.data;
  history.replaceState(null, '', from);
  await getTokens(settings, {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri(),
    code_verifier: verifier,
  });
}

/** Ends the renewal of this tab's token and forgets what it needs. */
export function endRenewals(): void {
  renewals.abort();
  renewals = new AbortController();
  sessionStorage.removeItem(REFRESH);
}

/** Ends the session of the sign-in page too: without that, the next sign-in asks for no password. It leads back here. */
export function goToSignOut({ page, clientId }: Cognito): void {
  const query = new URLSearchParams({ client_id: clientId, logout_uri: redirectUri() });
  location.assign(`${page}/logout?${query.toString()}`);
}

const renew = (settings: Cognito, refreshToken: string): Promise<void> =>
  getTokens(settings, { grant_type: 'refresh_token', refresh_token: refreshToken });

async function getTokens(settings: Cognito, grant: Readonly<Record<string, string>>): Promise<void> {
  const { page, clientId } = settings;
  const { signal } = renewals;
  const response = await fetch(`${page}/oauth2/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ client_id: clientId, ...grant }),
    signal: AbortSignal.any([signal, AbortSignal.timeout(30_000)]),
  });
  // The session has ended: the next answer of the API leads to the sign-in.
  if (response.status === 400) return sessionStorage.removeItem(REFRESH);
  const tokens = tokensSchema.parse(await response.json());
  if (signal.aborted) return;
  keepKey(tokens.access_token);
  const refresh = tokens.refresh_token ?? grant['refresh_token'];
  if (refresh === undefined) return;
  sessionStorage.setItem(REFRESH, refresh);
  renewLater(settings, refresh, Math.max(EARLY_MS, tokens.expires_in * 1_000 - EARLY_MS));
}

/** Renews the token after some milliseconds, and tries it again until it works or the person signs out. */
function renewLater(settings: Cognito, refresh: string, ms: number): void {
  const { signal } = renewals;
  const again = (): void => {
    if (!signal.aborted) renewLater(settings, refresh, RETRY_MS);
  };
  const timer = setTimeout(() => void renew(settings, refresh).catch(again), ms);
  signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
}
