import { describe, expect, it } from 'vitest';
import { callbackUrl, problemOf } from '#core/callbacks/url.ts';

const OUTSIDE = { privateAddresses: false };
const DEVELOPMENT = { privateAddresses: true };

describe('a callback’s URL', () => {
  it.each([
    'https://example.com/hooks/fleet?key=1',
    'https://example.com:8443/',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
    'https://bücher.example/hook',
  ])('%s may be called', (url) => {
    expect(callbackUrl(OUTSIDE).safeParse(url).success).toBe(true);
  });

  it.each([
    ['http://example.com/', /https:/],
    ['ftp://example.com/', /https:/],
    ['javascript:alert(1)', /https:/],
    ['not a url', /URL/],
    ['', /URL/],
    ['https://user:secret@example.com/', /user name/],
    ['https://:secret@example.com/', /user name/],
    ['https://example.com:25/', /port/],
    ['https://example.com:80/', /port/],
    [`https://example.com/?${'a'.repeat(2_048)}`, /2048/],
    ['https://127.0.0.1/', /public address/],
    ['https://0x7f.1/', /public address/],
    ['https://2130706433/', /public address/],
    ['https://0177.0.0.1/', /public address/],
    ['https://[::1]/', /public address/],
    ['https://[::ffff:10.0.0.1]/', /public address/],
    ['https://169.254.169.254/latest/meta-data', /public address/],
    ['https://localhost/', /public host/],
    ['https://api.localhost/', /public host/],
    ['https://intranet/', /public host/],
    ['https://intranet./', /public host/],
  ])('%# may not: the answer says what to change', (url, remedy) => {
    expect(problemOf(url, OUTSIDE)).toMatch(remedy);
    const { success, error } = callbackUrl(OUTSIDE).safeParse(url);
    expect(success).toBe(false);
    expect(error?.issues).toHaveLength(1);
    expect(error?.issues[0]?.message).toMatch(remedy);
  });

  it.each(['http://127.0.0.1:8080/', 'http://localhost:3000/hook', 'http://[::1]:9000/', 'http://10.0.0.7/'])(
    '%s may be called in development',
    (url) => expect(problemOf(url, DEVELOPMENT)).toBeNull(),
  );

  it.each(['http://169.254.169.254/', 'http://0.0.0.0/', 'http://localhost:22/', 'ftp://localhost/'])(
    '%s may not be called, even in development',
    (url) => expect(problemOf(url, DEVELOPMENT)).not.toBeNull(),
  );
});
