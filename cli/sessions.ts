import type { Command } from 'commander';
import { sessionViewSchema } from '#core/api/sessions/messages.ts';
import { sessionOperations } from '#core/api/sessions/operations.ts';
import { apiContext, examples, withApi } from './api/api-command.ts';
import { printable } from './terminal/printable.ts';
import { facts } from './terminal/table.ts';

/** Adds `fleet sessions`. */
export function addSessions(fleet: Command): void {
  const sessions = fleet
    .command('sessions')
    .description('shows or deletes conversations')
    .addHelpText('after', examples('sessions show ada', 'sessions forget ada'));
  withApi(sessions.command('show'))
    .argument('<id>')
    .description('shows the turns of a session, and the tasks that wait in it')
    .addHelpText('after', examples('sessions show ada'))
    .action(showSession);
  withApi(sessions.command('forget'))
    .argument('<id>')
    .description('deletes the turns of a session; its waiting tasks stay')
    .addHelpText('after', examples('sessions forget ada'))
    .action(async (id: string, options: object) => {
      const { api, output, json } = apiContext(options);
      await api.send(sessionOperations.forgetSession, { params: { id } });
      if (json) return output.json({ id, forgotten: true });
      output.line(`Deleted the turns of session ${id}.`);
    });
}

async function showSession(id: string, options: object): Promise<void> {
  const { api, output, json } = apiContext(options);
  const session = await api.call(sessionOperations.getSession, sessionViewSchema, { params: { id } });
  if (json) return output.json(session);
  const waiting = session.waiting.length === 0 ? 'none' : session.waiting.join(', ');
  output.line(facts({ session: id, waiting, 'kept until': session.expiresAt }));
  for (const { taskId, user, assistant } of session.turns) {
    output.line();
    output.line(`user       ${printable(user)}`);
    output.line(`assistant  ${printable(assistant)}   (${taskId})`);
  }
}
