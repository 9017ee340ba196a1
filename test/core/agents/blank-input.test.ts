import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineAgent } from '#core/agents/define-agent.ts';
import { taskSubmissionSchema } from '#core/api/tasks/messages.ts';
import { assistant } from '#systems/assistant/agents/assistant.ts';
import { adderOptions, workerHarness } from '../../support/worker-harness.ts';

const BLANK = ['', ' ', '\n\t ', '\u00a0\u2003'];

describe('blank text', () => {
  it.each(BLANK)('is rejected by the API with the name of its field: %j', (blank) => {
    for (const field of ['instruction', 'system']) {
      const parsed = taskSubmissionSchema.safeParse({ agent: 'assistant', instruction: 'hello', [field]: blank });
      expect(parsed.error?.issues.map(({ path }) => path.join('.'))).toContain(field);
    }
  });

  it.each(BLANK)('is rejected by the input schema of the assistant, as JSON Schema: %j', (blank) => {
    const instruction = z.fromJSONSchema(assistant.inputSchema);
    expect(instruction.safeParse({ instruction: blank }).success).toBe(false);
    expect(instruction.safeParse({ instruction: 'hello' }).success).toBe(true);
  });

  it.each(BLANK)('fails a task of an agent that would send it, before anything is paid: %j', async (blank) => {
    const agent = defineAgent({
      ...adderOptions,
      prepare: async () => ({ content: [{ type: 'text', text: blank }], context: undefined }),
    });
    const h = workerHarness([{ json: { sum: 3 } }], agent);
    const { id } = await h.accept();
    await h.deliver(id);
    expect((await h.task(id)).state).toMatchObject({
      status: 'failed',
      failure: { kind: 'permanent', reason: expect.stringContaining('its input is blank') as string },
    });
    expect(h.model.requests).toHaveLength(0);
  });
});
