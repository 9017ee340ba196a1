import { repeating, type Scenario } from './scenario.ts';

/** The service behind a tool is down: every call of it throws. */
export const failingTool: Scenario = {
  name: 'failing-tool',
  alarm: 'ToolFailures',
  async break(fleet) {
    const task = await fleet.submit({ does: 'fail' });
    const callers = repeating(1_000, () => fleet.submit({ does: 'fail' }));
    return { task, mend: () => callers.stop() };
  },
};
