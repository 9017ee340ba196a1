import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { fleetEnvironment } from '../api/environment.ts';
import { awsError, type Remedies } from '../aws-error.ts';
import { localClient } from '../fleet/connection.ts';
import { localFleet } from '../fleet/local-fleet.ts';

export interface PlaceOptions {
  /** @default FLEET_PREFIX */
  readonly prefix?: string;
}

/** What a command says: to machines, and to people. */
export interface Answer {
  readonly value: object;
  readonly text: string;
}

/** Where a fleet's schedules are. */
export interface SchedulesPlace {
  readonly scheduler: SchedulerClient;
  /** The SDK's options for other clients of the same fleet. */
  readonly client: { readonly endpoint?: string };
  /** All names of the fleet's schedules begin with it. CloudFormation makes them from the names of the stacks. */
  readonly prefix: string;
}

/** What a person types next, for the same fleet. @param words such as `resume nightly` */
export const command = ({ prefix }: Pick<SchedulesPlace, 'prefix'>, words: string): string =>
  `npm run fleet -- schedules ${words}${prefix === '' ? '' : ` --prefix ${prefix}`}`;

/**
 * Runs `act` with the schedules of the deployed fleet that the options name, else of the fleet on this machine. Errors of
 * AWS get a remedy. Throws `UserError` when there is none.
 */
export async function withSchedules(
  { prefix = fleetEnvironment.prefix }: PlaceOptions,
  act: (place: SchedulesPlace) => Promise<Answer>,
): Promise<Answer> {
  const named = '--prefix or FLEET_PREFIX (the prefix of its stacks)';
  const client = prefix === undefined ? localClient(localFleet(named).endpoint) : {};
  const scheduler = new SchedulerClient(client);
  try {
    return await act({ scheduler, client, prefix: prefix ?? '' });
  } catch (error) {
    throw awsError(error, REMEDIES, prefix === undefined);
  } finally {
    scheduler.destroy();
  }
}

const REMEDIES: Remedies = {
  AccessDeniedException:
    'Use credentials that may call scheduler:ListSchedules, GetSchedule and UpdateSchedule, and states:DescribeExecution, pass the role of the schedule (iam:PassRole), and for run-now call its target.',
  ResourceNotFoundException: 'See npm run fleet -- schedules list.',
};
