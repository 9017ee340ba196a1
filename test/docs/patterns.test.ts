import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { Agent } from '#core/agents/define-agent.ts';
import { agentCard, AgentPool, FleetStack, type SystemProps } from '#lib/index.ts';
import type { Construct } from 'constructs';
import { quickApp, removeFolder } from '../synth/synthesize.ts';
import { calling, delegating, resultsRead, treeHarness } from '../support/tree-harness.ts';
import { LettersStack } from './patterns/fan-out.ts';
import { CompaniesStack } from './patterns/pipeline.ts';
import { librarian } from './patterns/planned.ts';
import { editor } from './patterns/supervisor.ts';
import { sorter } from './patterns/worker-pool.ts';

const page = readFileSync('docs/patterns.md', 'utf8');

it.each(['worker-pool', 'fan-out', 'pipeline', 'supervisor', 'planned'])(
  'docs/patterns.md shows %s as it is run here',
  (name) => {
    expect(page).toContain(`\`\`\`ts\n${readFileSync(`test/docs/patterns/${name}.ts`, 'utf8')}\`\`\``);
  },
);

/** The agents that one delegates to are `Delegate`s to it, and agents to their pools. */
const withDelegates = (agent: Agent): [Agent, ...Agent[]] => [agent, ...(Object.values(agent.delegates) as Agent[])];

describe('docs/patterns.md', () => {
  it('a worker pool answers each task by itself', async () => {
    const h = treeHarness([sorter], { [sorter.system]: () => ({ json: { kind: 'invoice' } }) });
    const ids = await Promise.all(['a', 'b', 'c'].map((mail) => h.begin({ idempotencyKey: mail, input: { mail } })));
    await h.workAll();
    const tasks = await Promise.all(ids.map((id) => h.task(id)));
    expect(tasks.map(({ state }) => state)).toMatchObject(ids.map(() => ({ output: { kind: 'invoice' } })));
  });

  it('a supervisor reads what its specialists found', async () => {
    const tasks = ['spelling', 'facts'].map((to) => ({ to, input: { text: 'The erth is flat.' } }));
    const h = treeHarness(withDelegates(editor), {
      [editor.system]: (asked) => {
        if (asked.messages.length === 1) return delegating({ tasks });
        const found = resultsRead(asked).flatMap(({ output }) => (output as { findings: string[] }).findings);
        return { json: { findings: found } };
      },
      'Find errors of spelling.': () => ({ json: { findings: ['erth'] } }),
      'Find claims that are wrong.': () => ({ json: { findings: ['flat'] } }),
    });
    const id = await h.begin({ input: { text: 'The erth is flat.' } });
    await h.workAll();
    expect((await h.task(id)).state).toMatchObject({ output: { findings: ['erth', 'flat'] } });
  });

  it('a supervisor with a plan gives each page to a reader', async () => {
    const h = treeHarness(withDelegates(librarian), {
      [librarian.system]: (asked) => {
        if (asked.messages.length === 1) return calling('read-pages', {});
        const read = resultsRead(asked).map(({ output }) => (output as { summary: string }).summary);
        return { json: { summary: read.join(', ') } };
      },
      'Sum the page up.': ({ messages }) => ({
        json: { summary: /page \w+/.exec(JSON.stringify(messages))?.[0] ?? '' },
      }),
    });
    const id = await h.begin({ input: { pages: ['page one', 'page two'] } });
    await h.workAll();
    expect((await h.task(id)).state).toMatchObject({ output: { summary: 'page one, page two' } });
  });
});

describe('stacks', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach(removeFolder));

  /** Synthesizes a system of its own. */
  function synthesized(stack: new (scope: Construct, props: SystemProps) => FleetStack) {
    const app = quickApp('dev');
    folders.push(app.outdir);
    app.add(stack);
    return app.synth();
  }

  it('a fan-out has a state machine over the pool', () => {
    const { stacks } = synthesized(LettersStack);
    const template = JSON.stringify(stacks.find(({ stackName }) => stackName.includes('letters'))?.template);
    expect(template).toContain('AWS::StepFunctions::StateMachine');
    expect(template).toContain('letter-reader-default');
  });

  it('a pipeline sends to the pool of each stage, within its budget', () => {
    const { stacks } = synthesized(CompaniesStack);
    const template = stacks.find(({ stackName }) => stackName.includes('companies'))?.template as
      | { Resources: Record<string, { Properties?: { DefinitionSubstitutions?: { Stages?: unknown } } }> }
      | undefined;
    const lists = Object.values(template?.Resources ?? {}).map(
      ({ Properties }) => Properties?.DefinitionSubstitutions?.Stages,
    );
    const stages = JSON.stringify(lists.find((list) => list !== undefined));
    expect(stages).toMatch(/'n': 0, 'part': 0, 'agent': 'scout'.+'usd': 0.05, 'by': 0.6.+'agent': 'analyst'/);
  });

  it('an agent whose delegate has no pool is rejected at synthesis', () => {
    class LonelyStack extends FleetStack {
      readonly pool: AgentPool;

      constructor(scope: Construct, { config, region, platform }: SystemProps) {
        super(scope, { config, region, system: 'lonely', description: 'An editor without specialists' });
        const entry = 'test/systems/newsroom/editor-handler.ts';
        this.pool = new AgentPool(this, 'Editor', { agent: agentCard(editor), entry, platform });
      }
    }
    expect(() => synthesized(LonelyStack)).toThrow(
      'The agent editor delegates to the agent spelling, which has no pool. Add an AgentPool for it.',
    );
  });
});
