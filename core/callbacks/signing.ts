/** HMAC-SHA-256 of a text under a key. */
export type Hmac = (key: string, text: string) => Uint8Array;

const PURPOSE = 'agent-fleet/callback-signing/v1';

/**
 * The secret that signs a tenant's callbacks, in the form that receivers get: `whsec_` and 32 bytes in base64. It is
 * derived from the fleet's master secret, so that tenants' secrets are not stored and one reveals nothing about another.
 */
export function signingSecret(hmac: Hmac, master: string, tenant: string): string {
  const bytes = hmac(master, JSON.stringify([PURPOSE, tenant]));
  return `whsec_${btoa(String.fromCharCode(...bytes))}`;
}

/**
 * The master secrets in a stored value, the current one first. During a rotation the value has both, separated by a
 * space. Deliveries then have a signature by each, so that receivers can switch in between.
 * Throws an `Error` when there is none.
 */
export function masterSecrets(stored: string): readonly [string, ...string[]] {
  const [current, ...older] = stored.split(/\s+/).filter((secret) => secret !== '');
  if (current === undefined) throw new Error('The secret that signs callbacks is empty. Store a random value in it.');
  return [current, ...older];
}
