import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { FleetStack } from '../fleet-stack.ts';
import { asksForHomes, homesTableName, regionsVariable, stateTableName } from '../regions.ts';
import { withBoth, type Wire } from '../wiring.ts';
import { tableArnIn } from './item-table.ts';

/**
 * What functions may do with the tables of homes in all three regions (`HomesTable`). Names instead of references keep
 * the regions' stacks independent of each other.
 *
 * A lease or a note of who holds a home (`HOME#…`, `HELD#…`) is written by the keeper alone. What marks lost regions
 * writes its notes (`MARK#…`) in its own region's table. Everything else may write pledges only, so that no worker can take a
 * home.
 */
const PLEDGES = ['TASK#*'];
const MARKS = ['MARK#*'];

/** The index of the tasks that a home has accepted and not yet ended. */
export const ACCEPTED_INDEX = 'accepted';

/** Ask who holds a home, and what was pledged. */
export const readingHomes = (scope: Construct): Wire =>
  homes(scope, (stack, grantee) => grantRead(stack, grantee, tablesOf(stack)));

/**
 * Find out whether this region holds the home of the first one, which runs of schedules are started for, and what became of
 * those that another region started. A variable has it beside its own. Nothing in a fleet of one region.
 * @param tenant whose runs they are
 */
export function withFirstHome(scope: Construct, wired: Wire, tenant: string): Wire {
  const stack = FleetStack.of(scope);
  const { config, region } = stack;
  if (!asksForHomes(config, region)) return wired;
  const table = stateTableName(config);
  const beside = { STATE_TABLE: table, REGIONS: regionsVariable(config, region), TENANT: tenant };
  const runs: Wire = {
    value: table,
    grantTo: (grantee) =>
      Grant.addToPrincipal({
        grantee,
        actions: ['dynamodb:Query'],
        resourceArns: [tableArnIn(stack, region, table)],
        conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`RUNS#${tenant}`] } },
      }),
  };
  return { ...withBoth(withBoth(wired, readingHomes(scope)), runs), beside };
}

/** Also make pledges: how a task ended, and what it may have spent. */
export const pledging = (scope: Construct): Wire =>
  homes(scope, (stack, grantee) => {
    const tables = tablesOf(stack);
    grantRead(stack, grantee, tables);
    Grant.addToPrincipal({
      grantee,
      actions: WRITES,
      resourceArns: tables,
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': PLEDGES } },
    });
  });

/** Also note in this region's table the marks that were last checked at the edge. */
export const notingMarks = (scope: Construct): Wire =>
  homes(scope, (stack, grantee) => {
    grantRead(stack, grantee, tablesOf(stack));
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem'],
      resourceArns: [tableArnIn(stack, stack.region, homesTableName(stack.config))],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': MARKS } },
    });
  });

/** Find the tasks that a home has accepted. */
export const sweepingHomes = (scope: Construct): Wire =>
  homes(scope, (stack, grantee) =>
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: tablesOf(stack).map((arn) => `${arn}/index/${ACCEPTED_INDEX}`),
    }),
  );

/** Hold and take over homes. For the keeper alone. */
export const keepingHomes = (scope: Construct): Wire =>
  homes(scope, (stack, grantee) => {
    const tables = tablesOf(stack);
    grantRead(stack, grantee, tables);
    Grant.addToPrincipal({ grantee, actions: [...WRITES, 'dynamodb:DeleteItem'], resourceArns: tables });
  });

const READS = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];

function grantRead(stack: FleetStack, grantee: IGrantable, resourceArns: string[]): void {
  Grant.addToPrincipal({ grantee, actions: READS, resourceArns });
  stack.grantDataKey(grantee, stack.config.regions);
}

function homes(scope: Construct, grant: (stack: FleetStack, grantee: IGrantable) => void): Wire {
  const stack = FleetStack.of(scope);
  return { value: homesTableName(stack.config), grantTo: (grantee) => grant(stack, grantee) };
}

const tablesOf = (stack: FleetStack): string[] =>
  stack.config.regions.map((region) => tableArnIn(stack, region, homesTableName(stack.config)));
