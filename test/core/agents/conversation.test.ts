import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { promptOf } from '#adapters/anthropic/message-params.ts';
import { nextAction } from '#core/agents/conversation.ts';
import { defineAgent, defineTool } from '#core/agents/define-agent.ts';
import type { Said } from '#core/sessions/turn.ts';
import type { ModelStep, Step, ToolStep } from '#core/tasks/step.ts';
import { taskIdSchema } from '#core/tasks/task-id.ts';
import { checkMessageRequest } from '../../../packages/simulated-claude/src/message-request.ts';

const note = defineTool({
  name: 'note',
  description: 'Notes.',
  input: z.object({ text: z.string() }),
  run: async () => 'ok',
});

const agentWith = (change: { readonly maxSteps?: number; readonly upgrade?: { readonly to: 'deep' } } = {}) =>
  defineAgent({
    name: 'noter',
    version: '1',
    tier: 'fast',
    system: 'Note it.',
    input: z.object({ instruction: z.string() }),
    output: z.object({ text: z.string() }),
    tools: [note],
    ...change,
  });

const PREPARED = { content: [{ type: 'text' as const, text: 'go' }], context: undefined };
const common = (index: number) => ({
  taskId: taskIdSchema.parse('task-1'),
  index,
  epoch: 1,
  startedAt: 0,
  endedAt: 1,
});

const modelStep = (index: number, stopReason: ModelStep['stopReason'], content: ModelStep['content']): ModelStep => ({
  kind: 'model',
  ...common(index),
  model: 'claude-haiku-5-5',
  requestId: 'r',
  stopReason,
  content,
  usage: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
  usd: 0,
});
const toolStep = (index: number, toolUseId: string, content = 'ok', isError = false): ToolStep => ({
  kind: 'tool',
  ...common(index),
  tool: 'note',
  toolUseId,
  content,
  isError,
});
const use = (id: string, input: unknown = {}) => ({ type: 'tool-use' as const, id, name: 'note', input });
const text = (said: string) => ({ type: 'text' as const, text: said });
const thinking = { type: 'thinking' as const, sealed: '{"type":"thinking","thinking":"","signature":"s"}' };

/** Throws the 400 of the simulated Claude for the request that these messages make. */
function mustBeAccepted(agent: ReturnType<typeof agentWith>, action: ReturnType<typeof nextAction>): void {
  if (action.kind !== 'call-model') return;
  const tools = agent.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const { system, outputSchema } = agent;
  const prompt = promptOf({ model: 'm', system, messages: action.messages, tools, outputSchema }, 'low');
  checkMessageRequest(JSON.parse(JSON.stringify({ ...prompt, max_tokens: 1 })));
}

describe('a turn that paused among its searches', () => {
  const search = (sealed: string): ModelStep['content'][number] => ({ type: 'search', sealed, found: [] });
  const searched = (step: ModelStep, searches: number): ModelStep => ({ ...step, usage: { ...step.usage, searches } });

  it('goes on as one turn, and its searches are counted', () => {
    const steps = [
      searched(modelStep(0, 'paused', [search('1')]), 2),
      searched(modelStep(1, 'paused', [search('2')]), 1),
    ];
    expect(nextAction(agentWith(), PREPARED, steps)).toMatchObject({
      kind: 'call-model',
      searched: 3,
      messages: [{ role: 'user' }, { role: 'assistant', content: [search('1'), search('2')] }],
    });
    const answered = [...steps, modelStep(2, 'end', [text('{"text":"done"}')])];
    expect(nextAction(agentWith(), PREPARED, answered)).toMatchObject({ kind: 'finish', output: { text: 'done' } });
  });

  it('ends at the limit of steps', () => {
    const steps = [0, 1].map((index) => modelStep(index, 'paused', [search('1')]));
    expect(nextAction(agentWith({ maxSteps: 2 }), PREPARED, steps)).toMatchObject({ kind: 'fail' });
  });

  it('is not shown to another model', () => {
    const steps = [
      modelStep(0, 'paused', [search('1')]),
      modelStep(1, 'end', [text('no JSON')]),
      modelStep(2, 'end', [text('no JSON')]),
    ];
    const action = nextAction(agentWith({ upgrade: { to: 'deep' } }), PREPARED, steps);
    expect(action).toMatchObject({ kind: 'call-model', tier: 'deep' });
    expect(JSON.stringify(action)).not.toContain('"search"');
  });
});

describe('the request after an answer that ended early', () => {
  it.each([
    ['max-tokens', 'cut off at the output limit'],
    ['end', 'not complete'],
  ] as const)('by %s leaves its unanswered tool calls out', (stopReason, problem) => {
    const agent = agentWith();
    const action = nextAction(agent, PREPARED, [
      modelStep(0, stopReason, [thinking, text('Well'), use('a'), use('b')]),
    ]);
    if (action.kind !== 'call-model') throw new Error(action.kind);
    expect(action.messages.map(({ role, content }) => [role, content.map(({ type }) => type)])).toEqual([
      ['user', ['text']],
      ['assistant', ['thinking', 'text']],
      ['user', ['text']],
    ]);
    expect(JSON.stringify(action.messages.at(-1))).toContain(problem);
    mustBeAccepted(agent, action);
  });

  it('is accepted by the API after any steps, whatever the model and the tools said', () => {
    const saying = fc.constantFrom('', ' ', '{"text":', '{"text":1}', 'half \ud83d', '🙂');
    const input = fc.constantFrom({}, { text: 'x' }, { text: '\udc00', 'k\ud83d': 1 });
    const answer = fc.record({
      stopReason: fc.constantFrom('end' as const, 'tool-use' as const, 'max-tokens' as const),
      thinks: fc.boolean(),
      texts: fc.array(saying, { maxLength: 2 }),
      inputs: fc.array(input, { maxLength: 3 }),
      result: fc.record({ content: saying, isError: fc.boolean() }),
    });
    const said: fc.Arbitrary<Said> = fc.record({ user: saying, assistant: saying });
    fc.assert(
      fc.property(
        fc.array(answer, { maxLength: 5 }),
        fc.array(said, { maxLength: 2 }),
        fc.boolean(),
        (answers, history, up) => {
          const agent = agentWith(up ? { upgrade: { to: 'deep' } } : {});
          const turns = history.filter(({ user }) => user.trim() !== '');
          const steps: Step[] = [];
          for (const { stopReason, thinks, texts, inputs, result } of answers) {
            const action = nextAction(agent, PREPARED, steps, turns);
            mustBeAccepted(agent, action);
            if (action.kind !== 'call-model') return;
            const at = steps.length;
            const uses = inputs.map((value, index) => use(`toolu_${at}_${index}`, value));
            steps.push(modelStep(at, stopReason, [...(thinks ? [thinking] : []), ...texts.map(text), ...uses]));
            for (;;) {
              const next = nextAction(agent, PREPARED, steps, turns);
              if (next.kind !== 'call-tool') break;
              steps.push(toolStep(steps.length, next.toolUseId, result.content, result.isError));
            }
          }
          mustBeAccepted(agent, nextAction(agent, PREPARED, steps, turns));
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a refusal', () => {
  const REFUSED = [modelStep(0, 'refusal', [text('I cannot'), use('a')])];

  it.each([{}, { upgrade: { to: 'deep' as const } }])('is paid once and says so (%j)', (change) => {
    expect(nextAction(agentWith(change), PREPARED, REFUSED)).toEqual({
      kind: 'fail',
      failure: { kind: 'permanent', reason: expect.stringMatching(/^The model refused to answer\. Change/) as string },
    });
  });
});

describe('the limit of steps', () => {
  it('is named when it is reached, and no further tool runs', () => {
    const steps = [modelStep(0, 'tool-use', [use('a'), use('b')]), toolStep(1, 'a')];
    const reason = expect.stringMatching(/made 2 model and tool calls, the agent's maxSteps.*Raise maxSteps/) as string;
    const failed = { kind: 'fail', failure: { kind: 'permanent', reason } };
    expect(nextAction(agentWith({ maxSteps: 2 }), PREPARED, steps)).toEqual(failed);
    expect(nextAction(agentWith({ maxSteps: 3 }), PREPARED, steps)).toMatchObject({
      kind: 'call-tool',
      toolUseId: 'b',
    });
    const answered = [...steps, toolStep(2, 'b')];
    expect(nextAction(agentWith({ maxSteps: 3 }), PREPARED, answered)).toMatchObject({ kind: 'fail' });
    expect(nextAction(agentWith({ maxSteps: 4 }), PREPARED, answered)).toMatchObject({ kind: 'call-model' });
  });
});
