// The model call of the peers on Node: the same request, on connections that are kept.
import { createRequire } from 'node:module';

const { Agent, request } = createRequire(`${process.env.PEERS}/package.json`)('undici');
const dispatcher = new Agent({ keepAliveTimeout: 60_000 });

/** Asks the model and returns its text. `x-step-id` names the task in the model's ledger. */
export async function callModel(key, turns, text) {
  const { statusCode, body } = await request(`${process.env.MODEL_URL}/v1/messages`, {
    dispatcher,
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-api-key': 'simulated',
      'anthropic-version': '2023-06-01',
      'x-step-id': `${key}/0`,
    },
    body: JSON.stringify({
      model: 'claude-opus-5-5',
      max_tokens: 1024,
      messages: [...turns, { role: 'user', content: text }],
    }),
  });
  const answer = await body.json();
  if (statusCode !== 200) throw new Error(`The model answered ${statusCode}: ${JSON.stringify(answer)}`);
  return answer.content[0].text;
}
