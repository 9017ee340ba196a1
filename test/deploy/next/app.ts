import { CfnGlobalTable } from 'aws-cdk-lib/aws-dynamodb';
import { systems } from '#bin/systems.ts';
import { agentCard, agentStack } from '#lib/index.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { nextAssistant } from './assistant.ts';

/**
 * The CDK app of the next release: the same systems, with the next version of the assistant. With `-c replaces=table` it
 * also replaces the state table, as a change of its construct id would.
 */
const next = systems.map((system) =>
  system.name === nextAssistant.name
    ? {
        ...system,
        stack: async () => agentStack(agentCard(nextAssistant), 'test/deploy/next/assistant.handler.ts'),
        agents: async () => [nextAssistant],
      }
    : system,
);
const app = new FleetApp();
if (app.node.tryGetContext('replaces') === 'table') {
  for (const region of app.config.regions) {
    const table = app.platform(region).state.table.node.defaultChild;
    if (!(table instanceof CfnGlobalTable)) throw new Error('The state table is no AWS::DynamoDB::GlobalTable.');
    table.overrideLogicalId('ReplacedTable');
  }
}
for (const warning of await app.addSystems(next)) console.error(`Warning: ${warning}`);
app.synth();
