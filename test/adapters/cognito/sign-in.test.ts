import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { cognitoSignIn } from '#adapters/cognito/sign-in.ts';

const POOL = 'us-east-1_Example01';
const ISSUER = `https://cognito-idp.us-east-1.amazonaws.com/${POOL}`;

const pair = () => generateKeyPairSync('rsa', { modulusLength: 2_048 });
const ours = pair();
const keys = (kid: string) => {
  const { n = '', e = '' } = ours.publicKey.export({ format: 'jwk' });
  return { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }] };
};
const signIn = cognitoSignIn({ userPool: POOL, publicKeys: keys('key-1') });

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

interface Forged {
  readonly header?: object;
  readonly claims?: object;
  readonly key?: typeof ours.privateKey;
}

/** A token as Amazon Cognito signs it, with what a test changes. */
function token({ header = {}, claims = {}, key = ours.privateKey }: Forged = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    sub: 'c0ffee00-0000-4000-8000-000000000001',
    iss: ISSUER,
    client_id: 'console',
    token_use: 'access',
    scope: 'openid',
    'cognito:groups': ['tenant:acme', 'scope:read'],
    exp: now + 3_600,
    iat: now,
    ...claims,
  };
  const text = `${part({ alg: 'RS256', kid: 'key-1', ...header })}.${part(payload)}`;
  return `${text}.${createSign('RSA-SHA256').update(text).sign(key, 'base64url')}`;
}

describe('a token of the user pool', () => {
  test('names the person and the groups', async () => {
    expect(await signIn.verify(token())).toEqual({
      subject: 'c0ffee00-0000-4000-8000-000000000001',
      groups: ['tenant:acme', 'scope:read'],
    });
  });

  test('of a person without groups has none', async () => {
    expect(await signIn.verify(token({ claims: { 'cognito:groups': undefined } }))).toMatchObject({ groups: [] });
  });

  test.each<readonly [string, Forged]>([
    ['that has expired', { claims: { exp: Math.floor(Date.now() / 1_000) - 1 } }],
    ['of another pool', { claims: { iss: `${ISSUER}x` } }],
    ['that is for identification', { claims: { token_use: 'id', aud: 'console' } }],
    ['signed by somebody else', { key: pair().privateKey }],
    ['that says it needs no signature', { header: { alg: 'none' } }],
    ['that says it is signed by a shared secret', { header: { alg: 'HS256' } }],
  ])('%s is refused', async (_, forged) => {
    expect(await signIn.verify(token(forged))).toBe(null);
  });

  test('whose claims were changed after it was signed is refused', async () => {
    const [header, , signature] = token().split('.');
    const other = token({ claims: { 'cognito:groups': ['tenant:acme', 'scope:fleet'] } }).split('.')[1];
    expect(await signIn.verify(`${header}.${other}.${signature}`)).toBe(null);
  });

  test('that is none is refused', async () => {
    for (const text of ['', 'a.b.c', 'flk_key', '..']) expect(await signIn.verify(text)).toBe(null);
  });
});
