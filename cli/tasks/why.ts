import { whyViewSchema, type WhyView } from '#core/api/why/messages.ts';
import { whyOperations } from '#core/api/why/operations.ts';
import type { ApiContext } from '../api/api-command.ts';
import { age, duration } from '../terminal/format.ts';
import { facts } from '../terminal/table.ts';

/** `fleet why`: explains why a task waits, how far it is or how it ended, and what to do next. */
export async function whyCommand({ api, output, json }: ApiContext, id: string): Promise<void> {
  const why = await api.call(whyOperations.whyTask, whyViewSchema, { params: { id } });
  if (json) return output.json(why);
  output.line(facts(words(why)));
  if (why.commands.length === 0) return;
  output.line('\nNext:');
  for (const command of why.commands) output.line(`  ${command}`);
}

function words({ id, agent, status, cause, since, until, ahead, aheadAtLeast, deadline, says }: WhyView) {
  return {
    id,
    agent,
    state: cause === undefined || cause === status ? status : `${status}: ${cause}`,
    why: says,
    since: since && `${since} (${age(since)})`,
    until: until && `${until}${fromNow(until)}`,
    'before it': ahead === undefined ? undefined : `${ahead}${aheadAtLeast ? ' or more' : ''}`,
    deadline: deadline && `${deadline}${fromNow(deadline)}`,
  };
}

function fromNow(time: string): string {
  const ms = Date.parse(time) - Date.now();
  return ms > 0 ? ` (in ${duration(ms)})` : '';
}
