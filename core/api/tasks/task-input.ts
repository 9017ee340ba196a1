import { z } from 'zod';
import type { AgentCard } from '../../agents/agent-card.ts';
import type { Uploads } from '../../ports/uploads.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem, invalid, type FieldError } from '../http/problem.ts';
import { uploadedInput } from '../uploads/rules.ts';
import type { TaskSubmission } from './messages.ts';

/** Returns a task's validated input, or the location of its upload. Throws `ApiProblem`. */
export async function inputOf(
  ports: { readonly uploads?: Uploads },
  caller: Caller,
  card: AgentCard,
  submission: TaskSubmission,
) {
  const { instruction, input, inputKey } = submission;
  if (inputKey !== undefined) return uploadedInput(ports, caller, card, inputKey);
  // An object named in the input could belong to another tenant (I8).
  if (card.takesObject) throw takesObject(card);
  const given = instruction === undefined ? input : { instruction };
  const parsed = z.fromJSONSchema(card.inputSchema).safeParse(given);
  if (!parsed.success) throw schemaMismatch(card, parsed.error);
  return { input: given };
}

function schemaMismatch({ name }: AgentCard, error: z.ZodError): ApiProblem {
  const remedy = `See the input schema of ${name} in GET /agents.`;
  const errors = invalid(error, 'body').errors.map(({ field, message }): FieldError => ({
    field: field === 'body' ? 'input' : `input.${field}`,
    message,
    remedy,
  }));
  const what = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new ApiProblem(
    'cannot-accept',
    `The input does not match the input schema of the agent "${name}": ${what}.`,
    errors,
  );
}

const takesObject = ({ name }: AgentCard): ApiProblem =>
  new ApiProblem('cannot-accept', `The agent "${name}" requires an uploaded file.`, [
    {
      field: 'inputKey',
      message: 'is required',
      remedy: 'Upload the file with POST /uploads, and send its `inputKey`.',
    },
  ]);
