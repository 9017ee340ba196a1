import { z } from 'zod';
import type { AgentCard } from '../../agents/agent-card.ts';
import type { Uploads } from '../../ports/uploads.ts';
import type { Caller } from '../http/caller.ts';
import { ApiProblem, invalid, type FieldError } from '../http/problem.ts';
import { uploadedInput } from '../uploads/rules.ts';
import type { TaskSubmission } from './messages.ts';

/** A task's input by the agent's schema, or where it was uploaded to. Throws `ApiProblem`. */
export async function inputOf(
  ports: { readonly uploads?: Uploads },
  caller: Caller,
  card: AgentCard,
  submission: TaskSubmission,
) {
  const { instruction, input, inputKey } = submission;
  if (inputKey !== undefined) return uploadedInput(ports, caller, card, inputKey);
  // Whoever names an object could name another tenant's (I8).
  if (card.takesObject) throw takesObject(card);
  const given = instruction === undefined ? input : { instruction };
  const parsed = z.fromJSONSchema(card.inputSchema).safeParse(given);
  if (!parsed.success) throw misfit(card, parsed.error);
  return { input: given };
}

function misfit({ name }: AgentCard, error: z.ZodError): ApiProblem {
  const remedy = `Give it as the agent’s input schema says: ${name} in GET /agents.`;
  const errors = invalid(error, 'body').errors.map(({ field, message }): FieldError => ({
    field: field === 'body' ? 'input' : `input.${field}`,
    message,
    remedy,
  }));
  const what = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
  return new ApiProblem('cannot-accept', `The input does not fit the agent "${name}": ${what}.`, errors);
}

const takesObject = ({ name }: AgentCard): ApiProblem =>
  new ApiProblem('cannot-accept', `The agent "${name}" works on an uploaded file.`, [
    { field: 'inputKey', message: 'is missing', remedy: 'Upload the file by POST /uploads, and give its inputKey.' },
  ]);
