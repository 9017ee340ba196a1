import { expect, it } from 'vitest';
import type { MailRecord, MailStore } from '#core/ports/mail-store.ts';
import { freshId, NOW } from './samples.ts';

/** The contract of every store of what became of mails. */
export function mailStoreContract(open: () => MailStore): void {
  const first: MailRecord = { version: 1, state: 'sending', attempts: 1, at: NOW };
  const fresh = () => ({ about: `brief#${freshId()} ü`, to: 'ada@example.org' });

  it('returns a record unchanged, and null for another mail or recipient', async () => {
    const [store, key] = [open(), fresh()];
    const sent: MailRecord = { ...first, state: 'sent', messageId: 'm-1' };
    expect(await store.write(key, sent)).toBe('written');
    expect(await store.get(key)).toEqual(sent);
    expect(await store.get({ ...key, to: 'bob@example.org' })).toBeNull();
    expect(await store.get(fresh())).toBeNull();
  });

  it('finds a recipient however the address is capitalized', async () => {
    const [store, key] = [open(), fresh()];
    await store.write(key, first);
    expect(await store.get({ ...key, to: 'Ada@Example.org' })).toEqual(first);
    expect(await store.write({ ...key, to: 'ADA@example.org' }, first)).toBe('refused');
  });

  it('writes a version only after the one before it', async () => {
    const [store, key] = [open(), fresh()];
    const second: MailRecord = { ...first, version: 2, state: 'sent', messageId: 'm-1' };
    expect(await store.write(key, second)).toBe('refused');
    expect(await store.write(key, first)).toBe('written');
    expect(await store.write(key, first)).toBe('refused');
    expect(await store.write(key, second)).toBe('written');
    expect(await store.write(key, { ...second, state: 'waiting' })).toBe('refused');
    expect(await store.get(key)).toEqual(second);
  });

  it('of two senders one writes', async () => {
    const [store, key] = [open(), fresh()];
    const results = await Promise.all([store.write(key, first), store.write(key, first)]);
    expect(results.toSorted()).toEqual(['refused', 'written']);
  });
}
