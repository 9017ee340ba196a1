/** HMAC-SHA-256 of a text under a key. */
export type Hmac = (key: string, text: string) => Uint8Array;

const PURPOSE = 'agent-fleet/callback-signing/v1';

/**
 * The secret that signs a tenant's callbacks, as a receiver is given it: `whsec_` and 32 bytes in base64, made from the
 * fleet's master secret, so that no tenant's secret has to be stored and none tells anything of another's.
 */
export function signingSecret(hmac: Hmac, master: string, tenant: string): string {
  const bytes = hmac(master, JSON.stringify([PURPOSE, tenant]));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * The master secrets in a stored value, the current one first. While it is changed the value holds both, with a space
 * between: deliveries then carry a signature by each, and receivers can change theirs in between.
 * Throws an `Error` when there is none.
 */
export function masterSecrets(stored: string): readonly [string, ...string[]] {
  const [current, ...older] = stored.split(/\s+/).filter((secret) => secret !== '');
  if (current === undefined) throw new Error('The secret that signs callbacks is empty. Store a random value in it.');
  return [current, ...older];
}
