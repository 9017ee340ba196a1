import { defineAgent } from '#core/agents/define-agent.ts';
import { screenMessage } from '../screen/screen-message.ts';
import { answerSchema } from './answer.ts';
import { checkAnswer, isUnsure, salvageAnswer } from './check.ts';
import { SUPPORT } from './identity.ts';
import { INSTRUCTIONS } from './instructions.ts';
import { messageSchema } from './message.ts';
import { supportTools, type SupportServices } from './tools.ts';

/** Answers one customer message with the shop's facts, or escalates it to a person with a summary. */
export const supportAgent = defineAgent({
  ...SUPPORT,
  description: 'Answers a customer’s message from orders, shipments and articles; refunds within a limit, or escalates',
  system: INSTRUCTIONS,
  input: messageSchema,
  output: answerSchema,
  tools: supportTools,
  // About six calls after a long thread.
  budget: { tokens: 120_000, usd: 0.25 },
  maxOutputTokens: 1_024,
  timeLimit: 120,
  maxSteps: 16,

  async prepare(message, _, services: SupportServices) {
    const { customer, reasons } = await screenMessage(services, message);
    const who = customer ? `${customer.name}${customer.vip ? ' (VIP)' : ''}` : 'a customer the shop does not know';
    // The tags delimit the customer's text, so it must not contain them.
    const text = message.text.replaceAll(/<\/?\s*message\s*>/gi, '');
    return {
      content: [{ type: 'text', text: `From ${who}:\n<message>\n${text}\n</message>` }],
      context: { reasons },
    };
  },
  upgrade: { to: 'balanced', when: (answer, context) => (isUnsure(answer, context) ? 'low confidence' : null) },
  check: checkAnswer,
  salvage: salvageAnswer,
  turn: ({ text }, { reply }) => ({ user: text, assistant: reply }),
  escalate: ({ outcome, reason, summary }) =>
    outcome === 'escalate' ? { reason: reason ?? 'other', ...(summary === null ? {} : { summary }) } : null,
});
