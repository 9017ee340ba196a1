import { z } from 'zod';
import { read, seconds, type Action } from '../context.ts';
import { nextToken, pageSize, paging, readToken } from '../pages.ts';
import type { MachineRow } from '../records.ts';

const one = z.strictObject({
  stateMachineArn: z.string(),
  includedData: z.enum(['ALL_DATA', 'METADATA_ONLY']).optional(),
});

export const describeStateMachine: Action = ({ machines }, request) => {
  const machine = machines.get(read(one, request).stateMachineArn);
  const revision = machines.revision(machine.revision);
  const { tags: _tags, ...settings } = JSON.parse(machine.settings) as Record<string, unknown>;
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: machine.status,
    definition: revision.definition,
    roleArn: machine.role_arn,
    type: 'STANDARD',
    creationDate: seconds(machine.created),
    revisionId: revision.revision_id,
    loggingConfiguration: { level: 'OFF', includeExecutionData: false },
    tracingConfiguration: { enabled: false },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...settings,
  };
};

/** Deletes a machine. Its open executions run to their end. As on AWS, deleting a missing machine is not an error. */
export const deleteStateMachine: Action = async ({ machines, store }, request) => {
  machines.delete(read(one, request).stateMachineArn);
  await store.commit();
  return {};
};

const page = z.strictObject(paging);

export const listStateMachines: Action = ({ store }, request) => {
  const params = read(page, request);
  const size = pageSize(params.maxResults);
  const sql = 'SELECT *, row_number() OVER (ORDER BY arn) AS id FROM state_machines ORDER BY arn LIMIT ? OFFSET ?';
  const rows = store.all<MachineRow & { readonly id: number }>(sql, size, readToken(params.nextToken, 0));
  const stateMachines = rows.map((row) => ({
    stateMachineArn: row.arn,
    name: row.name,
    type: 'STANDARD',
    creationDate: seconds(row.created),
  }));
  return { stateMachines, ...nextToken(rows, size) };
};
