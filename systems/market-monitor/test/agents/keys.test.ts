import type { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { stateTable } from '#test/contract/local-services.ts';
import type { Item } from '#runtime/index.ts';
import type { Task } from '#core/tasks/task.ts';
import { analystNamed } from '../../agents/index.ts';
import { keysOfAnalyst } from '../../agents/keys.ts';
import { dynamodbAlerts } from '../../alerts/dynamodb-alerts.ts';
import { raise } from '../../alerts/raise.ts';
import { dynamodbAsked } from '../../digests/dynamodb-asked.ts';
import { dynamodbDigests, dynamodbFindings } from '../../digests/dynamodb-digests.ts';
import { dynamodbWindows } from '../../windows/dynamodb-windows.ts';
import { publishAnalysis } from '../../windows/publish-analysis.ts';
import { matchOf, memoryPorts, POLICY } from '../alerts/support.ts';
import { signal } from '../windows/signals.ts';

const NAME = 'price-move';
const at = stateTable();

/** A client of the same table that notes the action and partition key of each call. */
function noting() {
  const calls = new Set<string>();
  const send = async (command: GetItemCommand): Promise<unknown> => {
    const { Key, Item } = command.input as { Key?: Item; Item?: Item };
    calls.add(`${command.constructor.name.replace('Command', '')} ${(Key ?? Item)?.['pk']?.S}`);
    return at().client.send(command);
  };
  return { calls, table: { client: { send } as unknown as DynamoDBClient, table: at().table } };
}

/** Whether a call is within the grants, which are patterns as of IAM. */
function isGranted(call: string): boolean {
  const [action = '', key = ''] = call.split(' ');
  const patterns = new Map<string, string[]>(Object.entries(keysOfAnalyst(NAME))).get(action) ?? [];
  return patterns.some((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(key));
}

describe("the keys of an analyst's worker", () => {
  it('are all that it needs from its task to the alert and the digest, also when the hour is closed', async () => {
    const { calls, table } = noting();
    const policyOf = () => Promise.resolve({ ...POLICY, portfolio: 'growth' });
    const first = signal('a');
    const [window] = await dynamodbWindows(at()).add(NAME, [first], 0);
    if (window === undefined) throw new Error('The signal has no window.');
    await raise({ ...memoryPorts(), alerts: dynamodbAlerts(at()), policyOf }, [matchOf({ portfolio: 'growth' })]);
    const hour = '2026-11-27T15';
    await dynamodbDigests(at()).close('growth', { version: 1, live: { from: hour, hour } });
    const windows = dynamodbWindows(table);
    await analystNamed(NAME).agent.prepare?.(window, {} as never, { windows });
    const output = { classification: 'other', summary: 'It fell.', confidence: 0.9, drivers: [], watch: [] };
    const task = {
      id: 'task-1',
      agent: `market-${NAME}`,
      input: window,
      state: { status: 'succeeded', output, warnings: [], finishedAt: 0 },
    };
    const records = { findings: dynamodbFindings(table), digests: dynamodbDigests(table) };
    const alerts = { ...memoryPorts(), alerts: dynamodbAlerts(table), policyOf };
    const asked = dynamodbAsked(table);
    await publishAnalysis({ ...alerts, windows, records, asked }, task as unknown as Task);
    expect([...calls].filter((call) => !isGranted(call))).toEqual([]);
    expect([...calls].map((call) => call.replace(/#.*/, '#')).toSorted()).toEqual(
      expect.arrayContaining([
        'DeleteItem FIND#',
        'GetItem ALERT#',
        'GetItem DIGEST#',
        'PutItem FIND#',
        'PutItem LATE#',
        'PutItem WINDOW#',
        'UpdateItem ALERT#',
        'UpdateItem FIND#',
      ]),
    );
  });

  it.each([
    'PutItem PORTFOLIOS',
    'UpdateItem PORTFOLIOS',
    'PutItem PORTFOLIO#core',
    'DeleteItem ALERT#core',
    'DeleteItem FIND#core#2026-11-27T14',
    'PutItem DIGEST#core',
    'PutItem WINDOW#macro#cik:0000000001',
    'Query PORTFOLIOS',
    'UpdateItem SUBJECT#cik:0000000001',
  ])('do not allow %s', (call) => {
    expect(isGranted(call)).toBe(false);
  });
});
