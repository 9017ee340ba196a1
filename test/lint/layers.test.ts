import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { LAYERS, layerProblem } from '../../lint/layers.ts';

describe('who may import whom', () => {
  it.each([
    ['core/tasks/task.ts', '#adapters/node/ids.ts'],
    ['core/tasks/task.ts', '../../runtime/index.ts'],
    ['adapters/sqs/task-queue.ts', '#lib/wiring.ts'],
    ['functions/sweep/handler.ts', '#systems/assistant/agents/assistant.ts'],
    ['lib/bundle.ts', '#core/tasks/task.ts'],
    ['lib/constructs/sweeper.ts', '#functions/sweep/handler.ts'],
    ['cli/up.ts', '#systems/documents/system.ts'],
    ['cli/up.ts', '../systems/manifest.ts'],
    ['cli/up.ts', '#bin/systems.ts'],
    ['somewhere/else.ts', '#core/tasks/task.ts'],
    ['client/index.ts', '@agent-fleet/local-cloud'],
    ['console/src/app.tsx', '#core/tasks/task.ts'],
    ['console/src/app.tsx', '#cli/terminal/format.ts'],
    ['systems/documents/stack.ts', '#systems/support/stack.ts'],
    ['systems/documents/stack.ts', '#cli/user-error.ts'],
    ['systems/documents/agents/contract.ts', '@agent-fleet/simulated-claude'],
    ['systems/documents/functions/aggregate/handler.ts', '#client/index.ts'],
    ['systems/documents/functions/aggregate/handler.ts', '../../cli/options.ts'],
    ['systems/documents/cli/options.ts', '#lib/index.ts'],
    ['systems/manifest.ts', './documents/system.ts'],
    ['systems/documents/stack.ts', '../support/stack.ts'],
    ['systems/documents/cli/sample.ts', '../../assistant/agents/assistant.ts'],
    ['packages/local-cloud/src/cloud.ts', '#core/tasks/task.ts'],
    ['packages/local-cloud/src/cloud.ts', '@agent-fleet/simulated-claude'],
  ])('%s must not import %s', (file, specifier) => {
    expect(layerProblem(file, specifier)).toMatch(/must not import|has no row/);
  });

  it.each([
    ['core/tasks/claim.ts', './task.ts'],
    ['core/tasks/claim.ts', 'zod'],
    ['runtime/ports/worker-ports.ts', '#functions/run-agent/env.ts'],
    ['systems/documents/stack.ts', '#lib/index.ts'],
    ['systems/documents/system.ts', '../manifest.ts'],
    ['systems/documents/system.ts', './cli/command.ts'],
    ['systems/documents/cli/options.ts', '#cli/user-error.ts'],
    ['systems/documents/cli/boot.ts', '@agent-fleet/local-cloud'],
    ['systems/documents/cli/sample.ts', '../samples/samples.ts'],
    ['systems/documents/test/pdf/rejected.test.ts', '#test/support/worker-harness.ts'],
    ['console/src/app.tsx', '#core/api/tasks/messages.ts'],
    ['console/src/app.tsx', '#client/transport.ts'],
    ['bin/systems.ts', '#systems/documents/system.ts'],
    ['packages/local-cloud/src/cloud.ts', './events.ts'],
  ])('%s may import %s', (file, specifier) => {
    expect(layerProblem(file, specifier)).toBeNull();
  });

  it('has a row for each folder of sources', () => {
    const folders = globSync('*/**/*.ts', { exclude: ['node_modules/**', 'cdk.out/**', 'coverage/**'] });
    const names = new Set(folders.map((path) => path.split('/')[0] ?? ''));
    for (const above of ['bin', 'test', 'bench', 'lint', 'node_modules', 'cdk.out']) names.delete(above);
    const rows = Object.keys(LAYERS).filter((row) => !row.includes('/'));
    expect([...names].toSorted()).toEqual(rows.toSorted());
  });
});
