import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { read, seconds, type Action } from '../context.ts';
import { machineDeleting } from '../errors.ts';
import { settings } from './create-state-machine.ts';

const input = z.strictObject({
  stateMachineArn: z.string(),
  definition: z.string().max(1_048_576).optional(),
  roleArn: z.string().optional(),
  publish: z.literal(false).optional(),
  ...settings,
});

/** Updates a state machine. Open executions keep the definition they started with. */
export const updateStateMachine: Action = async ({ machines, clock, store }, request) => {
  const { stateMachineArn, definition, roleArn, publish: _publish, ...changed } = read(input, request);
  if (definition === undefined && roleArn === undefined && Object.keys(changed).length === 0) {
    throw new ServiceError(
      'MissingRequiredParameter',
      'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified',
    );
  }
  const machine = machines.get(stateMachineArn);
  if (machine.status === 'DELETING') throw machineDeleting(stateMachineArn);
  const now = clock.now();
  const parts = {
    definition: definition ?? machines.revision(machine.revision).definition,
    roleArn: roleArn ?? machine.role_arn,
    settings: JSON.stringify({ ...(JSON.parse(machine.settings) as object), ...changed }),
  };
  const revisionId = machines.update(machine, parts, now);
  await store.commit();
  return { updateDate: seconds(now), revisionId };
};
