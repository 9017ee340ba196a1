import { ConfigError } from '#lib/config.ts';
import { FleetApp } from '#lib/fleet-app.ts';
import { AssistantStack } from '#systems/assistant/stack.ts';
import { DocumentsStack } from '#systems/documents/stack.ts';
import { SupportStack } from '#systems/support/stack.ts';

try {
  const app = new FleetApp();
  app.add(DocumentsStack);
  app.add(AssistantStack);
  app.add(SupportStack);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
