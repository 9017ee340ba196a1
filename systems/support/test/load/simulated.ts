import type { ContentPart, ModelRequest } from '#core/ports/model.ts';
import type { Line } from '#test/support/fakes/scripted-model.ts';
import rule from '../../simulated-claude/support.rule.ts';

const textOf = (content: readonly ContentPart[]): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');

/** The answer of the simulated Claude's rule to a request, without the server. */
export function simulated({ model, messages, tools, outputSchema }: ModelRequest): Line {
  const seen = messages.map(({ role, content }) => ({
    role,
    text: textOf(content),
    toolUses: content.flatMap((part) => (part.type === 'tool-use' ? [part] : [])),
    toolResults: content.flatMap((part) =>
      part.type === 'tool-result' ? [{ toolUseId: part.toolUseId, text: part.content, isError: part.isError }] : [],
    ),
  }));
  const last = seen.at(-1);
  const isFollowUp = seen.length > 1 && last !== undefined && last.toolResults.length === 0;
  const request = {
    model,
    messages: seen,
    tools,
    schema: outputSchema,
    followUp: isFollowUp ? { text: last.text } : null,
  };
  if (!rule.matches(request)) throw new Error('The support system’s rule does not match its agent’s request.');
  const answer = rule.answer(request);
  if ('json' in answer) return { json: answer.json };
  const uses = answer.toolUse.map(({ name, input }, index) => ({
    type: 'tool-use' as const,
    id: `use-${seen.length}-${index}`,
    name,
    input,
  }));
  return { answer: { stopReason: 'tool-use', content: uses } };
}
