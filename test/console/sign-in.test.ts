import { describe, expect, it } from 'vitest';
import { authorizeUrl, challengeOf, randomText } from '#console/src/sign-in/pkce.ts';

describe('the sign-in by a code', () => {
  it('has the challenge of RFC 7636, appendix B', async () => {
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe(
      'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    );
  });

  it('has verifiers of 43 characters that a URL may have', () => {
    const texts = Array.from({ length: 50 }, randomText);
    for (const text of texts) expect(text).toMatch(/^[\w-]{43}$/);
    expect(new Set(texts).size).toBe(50);
  });

  it('asks for a code, and says where it leads back to', () => {
    const url = new URL(
      authorizeUrl({
        page: 'https://x.auth.eu-west-1.amazoncognito.com',
        clientId: 'abc',
        redirectUri: 'https://d1.cloudfront.net/console/',
        state: 's',
        challenge: 'c',
      }),
    );
    expect(url.pathname).toBe('/oauth2/authorize');
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'abc',
      redirect_uri: 'https://d1.cloudfront.net/console/',
      scope: 'openid',
      state: 's',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });
});
