import type { MailKey, MailRecord, MailStore } from '#core/ports/mail-store.ts';

/** Records of mails in memory, with the guarantees of the table. */
export function inMemoryMailStore(): MailStore {
  const kept = new Map<string, MailRecord>();
  const nameOf = ({ about, to }: MailKey): string => JSON.stringify([about, to.toLowerCase()]);
  return {
    get: async (key) => structuredClone(kept.get(nameOf(key)) ?? null),
    async write(key, record) {
      if ((kept.get(nameOf(key))?.version ?? 0) !== record.version - 1) return 'refused';
      kept.set(nameOf(key), structuredClone(record));
      return 'written';
    },
  };
}
