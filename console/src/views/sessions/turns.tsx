import Box from '@cloudscape-design/components/box';
import type { SessionView } from '#core/api/sessions/messages.ts';
import { TaskLink } from '../../url/to.tsx';

/** The turns of a conversation, as the person and the agent wrote them. */
export function Turns({ turns }: Pick<SessionView, 'turns'>) {
  if (turns.length === 0)
    return <Box color="text-body-secondary">No turns. The first task of the session adds one.</Box>;
  return (
    <ol className="turns">
      {turns.map(({ taskId, user, assistant, isSummary }) => (
        <li key={`${taskId} ${isSummary === true ? 'summary' : ''}`}>
          <div className="turn-user">{user}</div>
          <div className="turn-assistant">
            {assistant}
            <Box fontSize="body-s" color="text-body-secondary">
              {isSummary === true ? 'Summary of all turns up to ' : ''}
              <TaskLink id={taskId} />
            </Box>
          </div>
        </li>
      ))}
    </ol>
  );
}
