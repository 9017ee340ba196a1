import { ROOT } from '../../src/services/service.ts';
import { TestRegions } from '../../testing/regions.ts';
import { EU, TABLE, US, globalTable, nothing } from './support.ts';

// Writes items that cannot leave this region, and says so after each, until it is killed.
const [, , root = '', endpoint = ''] = process.argv;
const regions = new TestRegions({ [US]: { resources: globalTable }, [EU]: nothing }, root);
regions.endpoints.set(EU, endpoint);
const cloud = await regions.start(US);
await regions.network(US, { to: EU, cut: true });
for (let written = 0; ; written++) {
  const Item = { pk: { S: 'p' }, sk: { S: String(written) }, value: { S: 'written' } };
  await cloud.call('dynamodb', 'PutItem', { TableName: TABLE, Item }, ROOT);
  process.send?.(written);
}
