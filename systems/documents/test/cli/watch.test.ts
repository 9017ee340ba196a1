import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from 'vitest';
import type { Output } from '#cli/terminal/output.ts';
import type { DocumentsConnection } from '../../cli/connection.ts';
import { watchRun } from '../../cli/watch.ts';

/** A task's entry in the index of its run. */
const ENDED = {
  pk: { S: `TASK#contract-analyst-${'0'.repeat(32)}` },
  status: { S: 'succeeded' },
  finishedAt: { N: '1' },
  usd: { N: '0.01' },
  tokens: { N: '100' },
};

it('once all documents have ended, only the execution is asked about', async () => {
  const asked: string[] = [];
  const connection = {
    outputs: { StateMachineArn: 'arn:aws:states:us-east-1:000000000000:stateMachine:fan-out', StateTable: 'state' },
    sfn: {
      async send(command: unknown) {
        expect(command).toBeInstanceOf(DescribeExecutionCommand);
        asked.push('execution');
        const described = asked.filter((what) => what === 'execution').length;
        return { status: described < 3 ? 'RUNNING' : 'SUCCEEDED' };
      },
    },
    dynamodb: Object.assign(new DynamoDBClient({ region: 'us-east-1' }), {
      async send(command: unknown) {
        expect(command).toBeInstanceOf(QueryCommand);
        // One query for each part of the index.
        if (asked.at(-1) !== 'tasks') asked.push('tasks');
        return { Items: [ENDED] };
      },
    }),
  } as unknown as DocumentsConnection;
  const output = { progress: () => undefined } as unknown as Output;
  const options = { total: 1, signal: new AbortController().signal };
  expect(await watchRun(connection, 'spring', options, output)).toBe('SUCCEEDED');
  expect(asked).toEqual(['execution', 'tasks', 'execution', 'execution']);
});
