import { createSign } from 'node:crypto';

/** Signs a JWT as an app does, valid for ten minutes less the minute that it is dated back. `now` is in milliseconds. */
export function appJwt(app: { readonly id: number; readonly privateKey: string }, now: number): string {
  const part = (content: unknown): string => Buffer.from(JSON.stringify(content)).toString('base64url');
  const seconds = Math.floor(now / 1_000);
  const claims = { iat: seconds - 60, exp: seconds + 540, iss: String(app.id) };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${createSign('RSA-SHA256').update(signed).sign(app.privateKey, 'base64url')}`;
}
