import { hasExpired, keyId, scopesOf, type ApiKey } from '#core/keys/key.ts';
import { age } from '../terminal/format.ts';
import { table } from '../terminal/table.ts';
import type { Output } from '../terminal/output.ts';
import { withKeys, type PlaceOptions } from './place.ts';

/** `fleet keys list`. */
export async function listKeys(options: PlaceOptions & { json?: boolean }, output: Output): Promise<void> {
  const keys = await withKeys(options, async ({ store }) => Array.fromAsync(store.list()));
  if (options.json) return output.json({ keys: keys.map(shown) });
  if (keys.length === 0) return output.line('No keys. Create one: npm run fleet -- keys create --name NAME');
  const columns = [
    { name: 'id' },
    { name: 'name', flexible: true },
    { name: 'tenant' },
    { name: 'scopes' },
    { name: 'agents' },
    { name: 'made' },
    { name: 'state' },
  ];
  output.line(table(columns, keys.map(row), process.stdout.columns));
}

/** A key as JSON, without its hash. */
function shown(key: ApiKey) {
  const { name, tenant, agents, createdAt, revokedAt, validUntil } = key;
  const until = validUntil === undefined ? {} : { validUntil: new Date(validUntil).toISOString() };
  const revoked = revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() };
  const made = new Date(createdAt).toISOString();
  return { id: keyId(key), name, tenant, scopes: scopesOf(key), agents, createdAt: made, ...until, ...revoked };
}

const row = (key: ApiKey): string[] => [
  keyId(key),
  key.name,
  key.tenant,
  scopesOf(key).join(','),
  key.agents?.join(',') ?? 'all',
  age(key.createdAt),
  stateOf(key),
];

function stateOf(key: ApiKey): string {
  if (key.revokedAt !== undefined) return `revoked ${age(key.revokedAt)}`;
  if (hasExpired(key, Date.now())) return `expired ${age(key.validUntil ?? 0)}`;
  return key.validUntil === undefined ? 'valid' : `until ${new Date(key.validUntil).toISOString().slice(0, 10)}`;
}
