import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { defineUntrustedTool } from '#core/agents/untrusted-tool.ts';
import type { Program, SandboxOutcome } from '#core/ports/sandbox.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const tool = defineUntrustedTool({
  name: 'run-code',
  description: 'Runs code.',
  input: z.strictObject({ code: z.string() }),
  program: ({ code }) => ({ code, files: { 'a.txt': 'a' } }),
});

/** Returns what the model receives after one call of the tool, in a pool whose sandbox gives this outcome. */
async function told(input: unknown, outcome?: SandboxOutcome | Error) {
  const programs: Program[] = [];
  const call = { type: 'tool-use' as const, id: 'use-1', name: 'run-code', input };
  const agent = defineAgent({ ...adderOptions, tools: [tool] });
  const h = workerHarness([{ answer: { stopReason: 'tool-use', content: [call] } }, { json: { sum: 3 } }], agent);
  const { id } = await h.accept();
  const run = async (program: Program): Promise<SandboxOutcome> => {
    programs.push(program);
    if (outcome === undefined || outcome instanceof Error) throw outcome ?? new Error('unreachable');
    return outcome;
  };
  await h.deliver(id, outcome === undefined ? {} : { sandbox: { run } });
  expect((await h.task(id)).state.status).toBe('succeeded');
  return { result: h.model.requests[1]?.messages.at(-1)?.content[0], programs };
}

describe('an untrusted tool', () => {
  it('runs in the sandbox of its pool, and its result is JSON', async () => {
    const { result, programs } = await told({ code: 'return 1' }, { ok: true, output: { sum: 1 } });
    expect(programs).toEqual([{ code: 'return 1', files: { 'a.txt': 'a' } }]);
    expect(result).toMatchObject({ isError: false, content: '{"sum":1}' });
  });

  it('returns the error of the code, or of the sandbox, to the model', async () => {
    const { result } = await told({ code: '' }, { ok: false, problem: 'The code ran out of time.' });
    expect(result).toMatchObject({ isError: true, content: 'The code ran out of time.' });
    expect((await told({ code: '' }, new Error('Rate exceeded'))).result).toMatchObject({ isError: true });
  });

  it('runs nothing when the input is invalid or the pool has no sandbox', async () => {
    const refused = await told({ program: 'x' }, { ok: true, output: 1 });
    expect(refused.programs).toEqual([]);
    expect(refused.result).toMatchObject({ isError: true });
    const { result } = await told({ code: '' });
    expect(result).toMatchObject({
      isError: true,
      content: 'The tool run-code needs a sandbox, but its pool has none.',
    });
  });
});
