import { generateKeyPairSync } from 'node:crypto';
import { expect, it } from 'vitest';
import { AppAccess, NoCredentials, type Credentials } from '../../github/app-access.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2_048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
});

/** Access whose secret is cached as a placeholder, and has another value by now. */
function placeholderCached(present: () => Credentials) {
  const reads: boolean[] = [];
  const credentials = async (fresh: boolean): Promise<Credentials> => {
    reads.push(fresh);
    if (!fresh) throw new NoCredentials('a placeholder');
    return present();
  };
  return { access: new AppAccess({ url: 'https://github.example', now: () => 0, credentials }), reads };
}

it('reads a secret again whose cached value is a placeholder', async () => {
  const token = placeholderCached(() => ({ token: 'ghp_1' }));
  expect(await token.access.to({ repository: 'a/b', installation: null })).toMatchObject({ token: 'ghp_1' });
  expect(token.reads).toEqual([false, true]);
  const app = placeholderCached(() => ({ appId: 7, privateKey }));
  expect(await app.access.asApp()).toMatchObject({ url: 'https://github.example' });
});

it('says that there is no app when the present value is a placeholder too', async () => {
  const { access, reads } = placeholderCached(() => {
    throw new NoCredentials('still a placeholder');
  });
  await expect(access.to({ repository: 'a/b', installation: 1 })).rejects.toThrow('still a placeholder');
  expect(reads).toEqual([false, true]);
});
