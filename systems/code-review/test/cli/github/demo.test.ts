import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readRange } from '../../../cli/git/read-range.ts';
import { withBorrowedSecret } from '../../../cli/github/demo/borrowed-secret.ts';
import { readShop } from '../../../cli/github/demo/shop.ts';
import { reviewOffline } from '../../offline.ts';
import { testRepository } from '../../repository.ts';

describe('the pull request of the demo', () => {
  it('has the defects that were planted, each at its line, and clean files', async () => {
    const { main, change } = readShop();
    const repository = testRepository();
    repository.commit('Start', main);
    repository.git('checkout', '--quiet', '-b', 'feature');
    repository.commit('Change', change);
    const { files } = await readRange({ repository: repository.folder, base: 'main', head: 'feature' });
    const review = await reviewOffline({ files, hasTests: true });
    expect(review.verdict).toBe('request-changes');
    const found = review.findings.map(({ file, rule, quote }) => `${file} ${rule}: ${quote.trim()}`);
    expect(found.toSorted()).toEqual([
      expect.stringMatching(/^api\/customers\.py sql-injection: cursor\.execute\(f"SELECT/),
      expect.stringMatching(/^api\/mail\.py hard-coded-secret: SMTP_PASSWORD = /),
      'jobs/prices.go off-by-one: for i := 0; i <= len(prices); i++ {',
      expect.stringMatching(/^web\/money\.ts missing-test: const sign = /),
      "web/refunds.ts debug-leftover: console.log('REFUND', order);",
      'web/refunds.ts missing-await: payBack(id, amount);',
      expect.stringMatching(/^web\/refunds\.ts missing-test: /),
    ]);
  });
});

describe('the secret with the app’s key', () => {
  const NAME = 'fleet-dev/github-app';
  const demo = { appId: 1, privateKey: 'PRIVATE KEY of the demo', apiUrl: 'http://127.0.0.1:1' };

  function kept(content: string) {
    const values = [content];
    const secrets = {
      read: async () => values.at(-1) ?? '',
      write: async (_: string, value: string) => void values.push(value),
    };
    return { secrets, values };
  }

  it('holds the key of the demo meanwhile, and afterwards what it was', async () => {
    const { secrets, values } = kept('a placeholder');
    await withBorrowedSecret(secrets, NAME, demo, async () => {
      expect(JSON.parse(await secrets.read())).toEqual(demo);
    });
    expect(values).toEqual(['a placeholder', JSON.stringify(demo), 'a placeholder']);
  });

  it('is put back after a failure', async () => {
    const { secrets, values } = kept('a placeholder');
    const failing = withBorrowedSecret(secrets, NAME, demo, () => Promise.reject(new Error('no verdict')));
    await expect(failing).rejects.toThrow('no verdict');
    expect(values.at(-1)).toBe('a placeholder');
  });

  it.each([
    ['an app of github.com', { appId: 7, privateKey: 'PRIVATE KEY' }],
    [
      'an app of an Enterprise Server',
      { appId: 7, privateKey: 'PRIVATE KEY', apiUrl: 'https://github.example/api/v3' },
    ],
    ['a personal token', { token: 'ghp_1' }],
  ])('is left alone when it is of %s', async (_, credentials) => {
    const { secrets, values } = kept(JSON.stringify(credentials));
    const refused = withBorrowedSecret(secrets, NAME, demo, () => Promise.reject(new Error('it ran')));
    await expect(refused).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('real app') });
    expect(values).toHaveLength(1);
  });

  it('is left alone while another demo uses it, and taken from one that was killed', async () => {
    const server = createServer((_, response) => response.setHeader('x-simulated-github', 'true').end()).listen(
      0,
      '127.0.0.1',
    );
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const other = JSON.stringify({ ...demo, apiUrl: `http://127.0.0.1:${port}` });
    const { secrets, values } = kept(other);
    const second = withBorrowedSecret(secrets, NAME, demo, async () => undefined);
    await expect(second).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('runs already') });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await withBorrowedSecret(secrets, NAME, demo, async () => undefined);
    expect(values).toEqual([other, JSON.stringify(demo), other]);
  });
});
