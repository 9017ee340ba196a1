import { DefinitionError } from '#core/agents/definition-error.ts';
import { ConfigError } from '#lib/config.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { systems } from './systems.ts';

try {
  const app = new FleetApp();
  for (const warning of await app.addSystems(systems)) console.error(`Warning: ${warning}`);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof DefinitionError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
