import { z } from 'zod';
import { ServiceError } from '../../service.ts';
import { checkName } from '../arns.ts';
import { read, seconds, type Action, type Context } from '../context.ts';
import { machineDeleting, machineExists } from '../errors.ts';
import type { MachineRow } from '../records.ts';
import type { MachineParts } from '../state-machines.ts';

/** Settings that are stored and returned but have no effect. */
export const settings = {
  loggingConfiguration: z.looseObject({}).optional(),
  tracingConfiguration: z.looseObject({}).optional(),
  encryptionConfiguration: z.looseObject({}).optional(),
};

const input = z.strictObject({
  name: z.string(),
  definition: z.string().max(1_048_576),
  roleArn: z.string(),
  type: z.enum(['STANDARD', 'EXPRESS']).default('STANDARD'),
  tags: z.array(z.looseObject({})).optional(),
  publish: z.literal(false).optional(),
  ...settings,
});

/** Creates a state machine. Returns an existing one if it is identical, and throws if it differs. */
export const createStateMachine: Action = (context, request) => create(context, read(input, request), false);

/** Creates a state machine or updates an existing one, as provisioning a template requires. */
export const provisionStateMachine: Action = (context, request) => create(context, read(input, request), true);

async function create(context: Context, requested: z.output<typeof input>, mayUpdate: boolean) {
  const { machines, arns, clock, store } = context;
  const { name, definition, roleArn, type, publish: _publish, ...rest } = requested;
  if (type === 'EXPRESS') {
    throw new ServiceError(
      'StateMachineTypeNotSupported',
      'The local Step Functions supports STANDARD state machines only. Set "type" to STANDARD.',
    );
  }
  const arn = arns.stateMachine(checkName(name));
  const parts: MachineParts = { definition, roleArn, settings: JSON.stringify(rest) };
  const now = clock.now();
  const existing = machines.find(arn);
  if (existing === undefined) machines.create(arn, name, parts, now);
  else if (existing.status === 'DELETING') throw machineDeleting(arn);
  else if (differs(context, existing, parts)) {
    if (!mayUpdate) throw machineExists(arn);
    machines.update(existing, parts, now);
  }
  await store.commit();
  return { stateMachineArn: arn, creationDate: seconds(existing?.created ?? now) };
}

function differs({ machines }: Context, existing: MachineRow, parts: MachineParts): boolean {
  return (
    existing.role_arn !== parts.roleArn ||
    existing.settings !== parts.settings ||
    machines.revision(existing.revision).definition !== parts.definition
  );
}
